package dev.ovchat.export;

import dev.ovchat.compress.Storage;
import dev.ovchat.decoder.DecoderTensors;
import dev.ovchat.decoder.layers.DecoderGraph;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.Constant;
import dev.ovchat.graph.Graph;
import dev.ovchat.graph.GraphFile;
import dev.ovchat.graph.Layout;
import dev.ovchat.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * One export. The graph is built twice: first to learn which weights it asks for; then, when their
 * storage formats are chosen, with the operations that restore them.
 */
final class ExportRun {
  private final Path checkpoint;
  private final ExportOptions options;
  private final List<WeightedAdapter> adapters;
  private final Consumer<Progress> listener;

  ExportRun(
      Path checkpoint,
      ExportOptions options,
      List<WeightedAdapter> adapters,
      Consumer<Progress> listener) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.adapters = adapters;
    this.listener = listener;
  }

  ExportResult to(Path directory) {
    try {
      options.requireComplete();
      FreePlace.require(directory);
      try (ExportSource source = ExportSource.open(checkpoint, adapters)) {
        source.checkpoint().files().directory().ifPresent(Export::requireLoadable);
        return run(source, directory);
      }
    } catch (UnusableFileException e) {
      throw e.getCause() instanceof ClosedChannelException ? interrupted(e) : e;
    } catch (OutOfMemoryError e) {
      throw noMemory(e);
    }
  }

  private ExportResult run(ExportSource source, Path directory) {
    Checkpoint model = source.checkpoint();
    DecoderTensors tensors =
        attempt(
            source,
            null,
            () -> DecoderTensors.of(model.tensors(), model.config().tieWordEmbeddings()));
    ModelTensors wanted = new ModelTensors(tensors, source.adapters());
    List<AwqMatch> matches = attempt(source, null, () -> build(source, wanted));
    StorageChoice choice = attempt(source, null, () -> StorageChoice.of(options, wanted));
    ProgressMeter progress =
        new ProgressMeter(
            listener,
            model.files().byteCount()
                + wanted.byteCount()
                + byteCount(choice.measured())
                + byteCount(matches.stream().map(AwqMatch::matrix).toList()));
    WeightStream stream = new WeightStream(model.tensors(), wanted.matrices(), progress);
    Map<String, Storage> storage = attempt(source, null, () -> choice.choose(stream));

    Awq awq = attempt(source, null, () -> Awq.measure(matches, storage, stream));
    StoredWeights weights = new StoredWeights(tensors, storage, awq);
    Graph graph = DecoderGraph.build(model.config(), weights);
    Layout layout = Layout.of(graph);
    try (TargetDirectory target =
        TargetDirectory.create(directory, layout.byteCount() + model.files().byteCount())) {
      attempt(
          source,
          target,
          () -> {
            model.files().copy(target.path(), progress::done);
            if (model.files().directory().isEmpty()) { // they were not there to be checked before
              Export.requireLoadable(target.path());
            }
            writeWeights(
                stream.with(awq), weights, graph, layout, target.file(FileNames.IR_WEIGHTS));
            GraphFile.write(target.file(FileNames.IR), graph, layout, facts());
            return null;
          });
      source.requireUnchanged();
      target.complete();
    }
    return new ExportResult(
        directory,
        wanted.byteCount(),
        layout.byteCount(),
        counts(wanted.matrices(), storage),
        progress.elapsed(),
        model.tensors().otherParts());
  }

  /**
   * Builds the graph to learn which tensors it asks for, with what adapters add to them.
   *
   * @return the matrices that AWQ may scale, if it is asked for
   */
  private List<AwqMatch> build(ExportSource source, ModelTensors wanted)
      throws InterruptedException {
    Checkpoint model = source.checkpoint();
    Graph graph = DecoderGraph.build(model.config(), wanted);
    model.tensors().requireAllUsed(wanted.names());
    source.adapters().requireMadeFor(model.tensors(), wanted.layers());
    return options.awq() ? AwqPatterns.find(graph, wanted.named()) : List.of();
  }

  private static long byteCount(List<Matrix> matrices) {
    return matrices.stream().mapToLong(matrix -> matrix.tensor().byteCount()).sum();
  }

  private static void writeWeights(
      WeightStream stream, StoredWeights weights, Graph graph, Layout layout, Path path)
      throws IOException, InterruptedException, ExecutionException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      stream.write(weights.tensors(), layout, file);
      for (Constant constant : graph.constants()) {
        if (constant.value().isPresent()) {
          WeightStream.write(
              file, ByteBuffer.wrap(constant.value().get()), layout.offset(constant));
        }
      }
    }
  }

  /** The model's rt_info. The runtime options are the documented export's. */
  private Map<String, Map<String, String>> facts() {
    Map<String, String> runtime = new LinkedHashMap<>();
    runtime.put("ACTIVATIONS_SCALE_FACTOR", "8.0");
    if (options.weightFormat() == WeightFormat.FP16
        || options.weightFormat() == WeightFormat.FP32) {
      runtime.put("KV_CACHE_PRECISION", "f16");
    }
    Map<String, Map<String, String>> facts = new LinkedHashMap<>();
    facts.put("runtime_options", runtime);
    Map<String, String> own = new LinkedHashMap<>();
    own.put("export", options.description());
    if (!adapters.isEmpty()) {
      own.put("adapters", adapters.toString());
    }
    facts.put("ovchat", own);
    return facts;
  }

  /** Number of weights by storage format. */
  private static Map<String, Long> counts(List<Matrix> matrices, Map<String, Storage> storage) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Matrix matrix : matrices) {
      counts.merge(storage.get(matrix.name()).toString(), matrix.size(), Long::sum);
    }
    return counts;
  }

  private interface Work<T> {
    T run() throws IOException, InterruptedException, ExecutionException;
  }

  /** Does a part of the work; a failure becomes an exception with a sentence. */
  private <T> T attempt(ExportSource source, TargetDirectory target, Work<T> work) {
    try {
      return work.run();
    } catch (ExecutionException e) {
      throw failure(source, target, e.getCause());
    } catch (InterruptedException | IOException e) {
      throw failure(source, target, e);
    }
  }

  private RuntimeException failure(ExportSource source, TargetDirectory target, Throwable cause) {
    if (cause instanceof InterruptedException || cause instanceof ClosedChannelException) {
      return interrupted((Exception) cause);
    }
    if (cause instanceof IOException e) {
      return target.failure(e);
    }
    if (cause instanceof UnusableFileException || cause instanceof ExportException) {
      return (RuntimeException) cause;
    }
    if (cause instanceof InternalError) { // a mapped file became shorter
      source.requireUnchanged();
      return new ExportException("A file of " + checkpoint + " cannot be read.", cause);
    }
    if (cause instanceof OutOfMemoryError e) {
      return noMemory(e);
    }
    return new ExportException("The export failed: " + cause, cause);
  }

  /**
   * Returns the exception for an interrupt, and sets the interrupt flag. An interrupt closes the
   * file that is written or read, and that can be noticed first, also in a worker: a thread group
   * is interrupted as a whole.
   */
  private static ExportException interrupted(Exception e) {
    Thread.currentThread().interrupt();
    return new ExportException("The export was interrupted; nothing is left of it.", e);
  }

  private static ExportException noMemory(OutOfMemoryError e) {
    return new ExportException(
        "Java has no memory left for the export; give it more, for instance by"
            + " JDK_JAVA_OPTIONS=-Xmx2g.",
        e);
  }
}

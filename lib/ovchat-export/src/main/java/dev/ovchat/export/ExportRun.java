package dev.ovchat.export;

import dev.ovchat.compress.Storage;
import dev.ovchat.decoder.DecoderGraph;
import dev.ovchat.decoder.DecoderTensors;
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
  private final Consumer<Progress> listener;

  ExportRun(Path checkpoint, ExportOptions options, Consumer<Progress> listener) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.listener = listener;
  }

  ExportResult to(Path directory) {
    try {
      FreePlace.require(directory);
      try (Checkpoint source = Checkpoint.open(checkpoint)) {
        source.files().directory().ifPresent(Export::requireLoadable);
        return run(source, directory);
      }
    } catch (UnusableFileException e) {
      throw e.getCause() instanceof ClosedChannelException ? interrupted(e) : e;
    } catch (OutOfMemoryError e) {
      throw noMemory(e);
    }
  }

  private ExportResult run(Checkpoint source, Path directory) {
    DecoderTensors tensors =
        attempt(
            source,
            null,
            () -> DecoderTensors.of(source.tensors(), source.config().tieWordEmbeddings()));
    ModelTensors wanted = new ModelTensors(tensors);
    DecoderGraph.build(source.config(), wanted);
    source.tensors().requireAllUsed(wanted.names());
    StorageChoice choice = StorageChoice.of(options, wanted);
    ProgressMeter progress =
        new ProgressMeter(
            listener,
            source.files().byteCount()
                + wanted.byteCount()
                + choice.measured().stream().mapToLong(m -> m.tensor().byteCount()).sum());
    WeightStream stream = new WeightStream(source.tensors(), progress);
    Map<String, Storage> storage = attempt(source, null, () -> choice.choose(stream));

    StoredWeights weights = new StoredWeights(tensors, storage);
    Graph graph = DecoderGraph.build(source.config(), weights);
    Layout layout = Layout.of(graph);
    try (TargetDirectory target =
        TargetDirectory.create(directory, layout.byteCount() + source.files().byteCount())) {
      attempt(
          source,
          target,
          () -> {
            source.files().copy(target.path(), progress::done);
            if (source.files().directory().isEmpty()) { // they were not there to be checked before
              Export.requireLoadable(target.path());
            }
            writeWeights(stream, weights, graph, layout, target.file(FileNames.IR_WEIGHTS));
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
        progress.elapsed());
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
    facts.put("ovchat", Map.of("export", options.description()));
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
  private <T> T attempt(Checkpoint source, TargetDirectory target, Work<T> work) {
    try {
      return work.run();
    } catch (ExecutionException e) {
      throw failure(source, target, e.getCause());
    } catch (InterruptedException | IOException e) {
      throw failure(source, target, e);
    }
  }

  private RuntimeException failure(Checkpoint source, TargetDirectory target, Throwable cause) {
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

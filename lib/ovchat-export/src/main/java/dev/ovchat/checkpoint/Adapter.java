package dev.ovchat.checkpoint;

import dev.ovchat.checkpoint.AdapterTensors.Part;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.FileState;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A LoRA adapter as PEFT saves it: a directory with {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. Of the weights, only their locations are kept.
 *
 * <pre>{@code
 * Adapter adapter = Adapter.open(Path.of("my-adapter"));
 * Optional<LowRankMatrix> query = adapter.find("model.layers.0.self_attn.q_proj");
 * }</pre>
 *
 * <p>Instances may be used by several threads at once.
 */
public final class Adapter {
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PICKLE = "adapter_model.bin";

  private final Path directory;
  private final FileState configState;
  private final AdapterConfig config;
  private final AdapterTensors tensors;

  private Adapter(Path directory) {
    this.directory = directory;
    Path file = directory.resolve(CONFIG);
    this.configState = FileState.of(file);
    this.config = AdapterConfig.read(file);
    this.tensors = AdapterTensors.open(directory.resolve(WEIGHTS));
  }

  /**
   * Opens an adapter.
   *
   * @throws UnusableFileException if a file is missing or damaged, or the adapter is not plain LoRA
   */
  public static Adapter open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new UnusableFileException(
          "There is no directory %s; name the one that holds the adapter.".formatted(directory));
    }
    for (String name : new String[] {CONFIG, WEIGHTS}) {
      if (!ReadableFile.isThere(directory.resolve(name))) {
        throw new UnusableFileException(
            "%s holds no %s%s".formatted(directory, name, found(directory, name)));
      }
    }
    Adapter adapter = new Adapter(directory);
    adapter.modules().forEach(adapter::requirePair);
    return adapter;
  }

  private static String found(Path directory, String missing) {
    return missing.equals(WEIGHTS) && ReadableFile.isThere(directory.resolve(PICKLE))
        ? ", but %s, %s".formatted(PICKLE, ForeignFile.PICKLE)
        : "; name the directory of a LoRA adapter, as PEFT's save_pretrained makes it.";
  }

  private void requirePair(String module) {
    boolean isEmbedding = tensors.find(module, Part.EMBEDDING_A).isPresent();
    boolean hasEmbeddingB = tensors.find(module, Part.EMBEDDING_B).isPresent();
    boolean isLinear = tensors.find(module, Part.A).isPresent();
    boolean hasB = tensors.find(module, Part.B).isPresent();
    boolean isPair = isEmbedding == hasEmbeddingB && isLinear == hasB && isLinear != isEmbedding;
    if (!isPair) {
      throw new UnusableFileException(
          "%s holds %s of the module %s, which takes lora_A and lora_B, or lora_embedding_A and lora_embedding_B; copy the file again from where the adapter comes from."
              .formatted(tensors.file().path(), tensors.parts(module), Excerpt.of(module)));
    }
  }

  /** Path of the directory. */
  public Path path() {
    return directory;
  }

  /** The names in the model of the layers that are changed; unmodifiable. */
  public Set<String> modules() {
    return Collections.unmodifiableSet(tensors.modules().keySet());
  }

  /**
   * The low-rank matrix that is added to the matrix of a layer; empty if that is not changed.
   *
   * @throws UnusableFileException if the shapes do not fit to each other and to the rank that the
   *     config says
   */
  public Optional<LowRankMatrix> find(String module) {
    if (!tensors.modules().containsKey(module)) {
      return Optional.empty();
    }
    boolean isEmbedding = tensors.find(module, Part.EMBEDDING_A).isPresent();
    CheckpointTensor a = tensors.get(module, isEmbedding ? Part.EMBEDDING_A : Part.A);
    CheckpointTensor b = tensors.get(module, isEmbedding ? Part.EMBEDDING_B : Part.B);
    requireRank(a, 0, module);
    requireRank(b, 1, module);
    double scale = config.scale(module);
    return Optional.of(
        isEmbedding
            ? LowRankMatrix.embedding(a, b, scale, tensors.file())
            : LowRankMatrix.linear(a, b, scale, tensors.file()));
  }

  private void requireRank(CheckpointTensor tensor, int axis, String module) {
    int rank = config.rank(module);
    if (tensor.shape().size() != 2 || tensor.shape().get(axis) != rank) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: the tensor %s has the shape %s, and %s says a rank of %d, which axis %d would have; copy both files from the same adapter.",
              tensor.file(),
              Excerpt.of(tensor.name()),
              tensor.shape(),
              CONFIG,
              rank,
              axis));
    }
  }

  /**
   * Checks the weights that come with an adapter of an embedding, which are those of the model that
   * it was trained with: PEFT takes them in place of the checkpoint's.
   *
   * @param tensor the checkpoint's weights of the layer
   * @throws UnusableFileException if they have another shape, or other values where the checkpoint
   *     is not quantized
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public void requireBase(String module, CheckpointTensors checkpoint, CheckpointTensor tensor)
      throws InterruptedException {
    Optional<CheckpointTensor> base = tensors.find(module, Part.BASE);
    if (base.isEmpty()) {
      return;
    }
    boolean isEqual =
        tensor.blocks().isPresent()
            ? base.get().shape().equals(tensor.shape())
            : EqualTensors.areEqual(
                base.get(),
                (part, from, size) -> tensors.file().part(part.offset() + from, size),
                tensor,
                checkpoint::map);
    if (!isEqual) {
      throw new UnusableFileException(
          "%s holds weights of the model's %s, %s, that are not those of %s; take the checkpoint that the adapter was trained with, or merge it by PEFT's merge_and_unload, and export what that gives."
              .formatted(
                  tensors.file().path(),
                  Excerpt.of(module),
                  base.get().shape(),
                  checkpoint.path()));
    }
  }

  /**
   * Checks that the files have not changed since they were opened.
   *
   * @throws UnusableFileException if a file has another size or time of change
   */
  public void requireUnchanged() {
    configState.requireUnchanged();
    tensors.file().state().requireUnchanged();
  }
}

package dev.ovchat.gguf;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.checkpoint.TensorTable;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The weights of a model in a GGUF file, or in its parts, under transformers' names and in
 * transformers' order of rows.
 *
 * <pre>{@code
 * try (var model = GgufCheckpoint.open(Path.of("SmolLM2-135M-Instruct.Q4_1.gguf"))) {
 *   CheckpointTensor query = model.get("model.layers.0.self_attn.q_proj.weight");
 * }
 * }</pre>
 */
public final class GgufCheckpoint implements CheckpointTensors {
  private static final Pattern QUERY_OR_KEY =
      Pattern.compile("model\\.layers\\.\\d+\\.self_attn\\.[qk]_proj\\.(weight|bias)");

  private final Path path;
  private final List<GgufFile> parts;
  private final GgufArchitecture architecture;
  private final TensorTable tensors;
  private final GgufSizes sizes;
  private final int headSize;

  private GgufCheckpoint(Path path, List<GgufFile> parts) {
    this.path = path;
    this.parts = parts;
    this.tensors = new TensorTable(path);
    this.architecture = GgufArchitecture.of(metadata());
    this.sizes = new GgufSizes(metadata(), architecture);
    this.headSize = sizes.headSize();
    parts.forEach(this::add);
  }

  /**
   * Opens a model. Of the weights, only their locations are read.
   *
   * @param path the file, or any part of one that is split
   * @throws UnusableFileException if it is not a GGUF file, is damaged or not complete, or is not a
   *     model that can be exported; the message says what it is
   */
  public static GgufCheckpoint open(Path path) {
    return new GgufCheckpoint(path, GgufParts.open(path));
  }

  /** Adds the tensors of a part; one that transformers has not keeps its name in the file. */
  private void add(GgufFile file) {
    file.tensors()
        .forEach((name, tensor) -> tensors.add(tensor.withName(newName(name)), file.mapped()));
    file.otherTypes().forEach((name, type) -> tensors.addOther(newName(name), type));
  }

  private String newName(String inFile) {
    String name = architecture.nameOf(inFile).orElse(inFile);
    if (has(name)) {
      throw new UnusableFileException(
          "%s holds the tensor %s twice; take the files of one model."
              .formatted(path, Excerpt.of(name)));
    }
    return name;
  }

  GgufMetadata metadata() {
    return parts.get(0).metadata();
  }

  GgufArchitecture architecture() {
    return architecture;
  }

  GgufSizes sizes() {
    return sizes;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Set<String> names() {
    return tensors.names();
  }

  @Override
  public boolean has(String name) {
    return tensors.has(name);
  }

  @Override
  public boolean isNamedInVain(String name) {
    return false;
  }

  @Override
  public CheckpointTensor get(String name) {
    tensors
        .otherType(name)
        .ifPresent(
            type -> {
              throw new UnusableFileException(
                  "%s: the tensor %s has the type %s; the export knows %s."
                      .formatted(path, Excerpt.of(name), type, GgufTypes.KNOWN));
            });
    CheckpointTensor tensor =
        tensors
            .find(name)
            .orElseThrow(
                () ->
                    new UnusableFileException(
                        "%s has no tensor %s, which a model of the architecture %s needs; take a GGUF file of the whole model."
                            .formatted(path, Excerpt.of(name), architecture.key())));
    if (isReordered(tensor) && tensor.blocks().isPresent() && tensor.shape().size() < 2) {
      throw new UnusableFileException(
          "%s: the tensor %s is a vector of the type %s, whose values cannot be brought into order; take a file with vectors in F32."
              .formatted(path, Excerpt.of(name), tensor.blocks().get()));
    }
    return tensor;
  }

  /** Tests whether the rows of a tensor have another order in transformers. */
  private boolean isReordered(CheckpointTensor tensor) {
    return architecture.interleavesHeads() && QUERY_OR_KEY.matcher(tensor.name()).matches();
  }

  /**
   * {@inheritDoc} llama.cpp reads all of them, and takes no file with one that it does not know.
   */
  @Override
  public void requireAllUsed(Set<String> used) {
    for (String name : names()) {
      if (!used.contains(name) && !GgufRope.TENSORS.contains(name)) {
        throw new UnusableFileException(
            "%s holds the tensor %s, which the export does not know in a model of the architecture %s; without it the answers would be others."
                .formatted(path, Excerpt.of(name), architecture.key()));
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if rows are copied and the part is not whole rows
   */
  @Override
  public ByteBuffer map(CheckpointTensor tensor, long from, int byteCount) {
    MappedFile file = tensors.fileOf(tensor, from, byteCount);
    return isReordered(tensor)
        ? reordered(file, tensor, from, byteCount)
        : file.part(tensor.offset() + from, byteCount);
  }

  private ByteBuffer reordered(MappedFile file, CheckpointTensor tensor, long from, int byteCount) {
    int rowBytes = (int) (tensor.byteCount() / tensor.shape().get(0));
    if (from % rowBytes != 0 || byteCount % rowBytes != 0) {
      throw new IllegalArgumentException(
          "The rows of %s have another order in the file; ask for whole rows of %s bytes."
              .formatted(tensor.name(), rowBytes));
    }
    return new RowOrder(headSize, rowBytes)
        .copy(
            from / rowBytes,
            byteCount / rowBytes,
            row -> file.part(tensor.offset() + row * rowBytes, rowBytes));
  }

  @Override
  public void requireUnchanged() {
    parts.forEach(part -> part.mapped().state().requireUnchanged());
  }

  @Override
  public void close() {
    tensors.close();
  }
}

package dev.ovchat.gguf;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
  private final Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();

  /** The parts that hold the tensors, by the tensors' names. */
  private final Map<String, GgufFile> files = new LinkedHashMap<>();

  /** Tensors that cannot be exported, and their types. */
  private final Map<String, String> otherTypes = new LinkedHashMap<>();

  private final GgufSizes sizes;
  private final int headSize;
  private volatile boolean isClosed;

  private GgufCheckpoint(Path path, List<GgufFile> parts) {
    this.path = path;
    this.parts = parts;
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
        .forEach(
            (name, tensor) -> {
              String known = architecture.nameOf(name).orElse(name);
              requireNew(known);
              tensors.put(known, tensor.withName(known));
              files.put(known, file);
            });
    file.otherTypes()
        .forEach(
            (name, type) -> {
              String known = architecture.nameOf(name).orElse(name);
              requireNew(known);
              otherTypes.put(known, type);
            });
  }

  private void requireNew(String name) {
    if (has(name)) {
      throw new UnusableFileException(
          "%s holds the tensor %s twice; take the files of one model."
              .formatted(path, Excerpt.of(name)));
    }
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
    Set<String> names = new LinkedHashSet<>(tensors.keySet());
    names.addAll(otherTypes.keySet());
    return Collections.unmodifiableSet(names);
  }

  @Override
  public boolean has(String name) {
    return tensors.containsKey(name) || otherTypes.containsKey(name);
  }

  @Override
  public boolean isNamedInVain(String name) {
    return false;
  }

  @Override
  public CheckpointTensor get(String name) {
    if (otherTypes.containsKey(name)) {
      throw new UnusableFileException(
          "%s: the tensor %s has the type %s; the export knows %s."
              .formatted(path, Excerpt.of(name), otherTypes.get(name), GgufTypes.KNOWN));
    }
    if (!tensors.containsKey(name)) {
      throw new UnusableFileException(
          "%s has no tensor %s, which a model of the architecture %s needs; take a GGUF file of the whole model."
              .formatted(path, Excerpt.of(name), architecture.key()));
    }
    CheckpointTensor tensor = tensors.get(name);
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
    if (isClosed) {
      throw new UnusableFileException("The checkpoint %s is closed.".formatted(path));
    }
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new UnusableFileException(
          "The tensor %s is none of the checkpoint %s; take those that get(name) gives."
              .formatted(Excerpt.of(tensor.name()), path));
    }
    tensor.requirePart(from, byteCount);
    GgufFile file = files.get(tensor.name());
    return isReordered(tensor)
        ? reordered(file.mapped(), tensor, from, byteCount)
        : file.mapped().part(tensor.offset() + from, byteCount);
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
    isClosed = true;
  }
}

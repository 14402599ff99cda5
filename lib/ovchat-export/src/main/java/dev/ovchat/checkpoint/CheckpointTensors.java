package dev.ovchat.checkpoint;

import dev.ovchat.files.UnusableFileException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/**
 * The weights of a model as it is published, under the names that transformers has for them.
 *
 * <pre>{@code
 * try (var tensors = CheckpointTensors.open(Path.of("Phi-3-mini-4k-instruct"))) {
 *   CheckpointTensor norm = tensors.get("model.norm.weight");     // BF16 [3072]
 *   ByteBuffer bytes = tensors.map(norm, 0, 6144);                // not yet read from the disk
 * }
 * }</pre>
 *
 * <p>Instances may be used by several threads at once.
 */
public interface CheckpointTensors extends AutoCloseable {
  /**
   * Opens a HuggingFace checkpoint: {@code model.safetensors}, or the shards of an index. Only the
   * headers of its files are read, no tensor.
   *
   * @param directory may hold links to the files
   * @throws UnusableFileException if safetensors files are missing, or one is missing or damaged
   */
  static CheckpointTensors open(Path directory) {
    return ExpertTensors.of(SafetensorsCheckpoint.open(directory, false));
  }

  /**
   * Opens a HuggingFace checkpoint of a model that takes images, too, for its text model: that one
   * has the names that it has alone.
   *
   * @throws UnusableFileException as {@link #open}
   */
  static CheckpointTensors openText(Path directory) {
    return ExpertTensors.of(SafetensorsCheckpoint.open(directory, true));
  }

  /**
   * Brings the matrices of experts together, where a file has them in other parts than the graph.
   *
   * @return the same where there is nothing to bring together
   */
  static CheckpointTensors withExpertsTogether(CheckpointTensors files) {
    return ExpertTensors.of(files);
  }

  /** Path of the checkpoint: a directory, or a file that holds all of the model. */
  Path path();

  /** The names of all tensors, those of types that cannot be exported at the end; unmodifiable. */
  Set<String> names();

  /**
   * The parts of a model beside its text model, such as {@code vision_tower}; empty where there is
   * nothing but a text model.
   */
  default Set<String> otherParts() {
    return Set.of();
  }

  /** Tests whether there is a tensor of that name, of whatever type. */
  boolean has(String name);

  /** Tests whether an index names a tensor that no file holds. */
  boolean isNamedInVain(String name);

  /**
   * Returns the location of a tensor.
   *
   * @throws UnusableFileException if a tensor of that name is missing, or its type is not one that
   *     can be exported
   */
  CheckpointTensor get(String name);

  /**
   * Checks that nothing is left out that the model would need. A HuggingFace checkpoint may hold
   * other tensors: transformers leaves them out, too.
   *
   * @param used the names of the tensors that are in use
   * @throws UnusableFileException if the model would be another one without the others
   */
  default void requireAllUsed(Set<String> used) {}

  /**
   * Maps a part of a tensor into memory; pages of the file are read when they are accessed. Where
   * the file has the rows in another order, they are copied into a buffer.
   *
   * <p>If the file is cut off meanwhile, access to the missing part throws {@link InternalError}:
   * catch it where the bytes are read, and ask {@link #requireUnchanged()} for the reason.
   *
   * @param from the part's first byte, counted from the tensor's
   * @param byteCount size of the part in bytes, at most 1 GiB
   * @return the part as a read-only, little-endian buffer, from position 0; still valid when this
   *     is closed
   * @throws UnusableFileException if the part is not in the tensor, or this is closed
   */
  ByteBuffer map(CheckpointTensor tensor, long from, int byteCount);

  /**
   * Checks that the files have not changed since they were opened.
   *
   * @throws UnusableFileException if a file has another size or time of change
   */
  void requireUnchanged();

  /** Releases the files. Mapped memory is freed when no part is in use any more. */
  @Override
  void close();
}

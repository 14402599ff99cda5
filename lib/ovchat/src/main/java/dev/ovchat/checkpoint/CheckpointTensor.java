package dev.ovchat.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Where one tensor of a checkpoint lies.
 *
 * @param name as the model's code calls it, for instance {@code model.embed_tokens.weight}
 * @param type of its elements, which are little-endian
 * @param shape elements along each axis, the last one running fastest; empty for a single number
 * @param file the safetensors file that holds it
 * @param offset of its first byte in the file
 * @param byteCount the product of the shape times the bytes of an element
 */
public record CheckpointTensor(
    String name, TensorType type, List<Long> shape, Path file, long offset, long byteCount) {

  /**
   * @throws CheckpointException if the bytes are not those that the shape needs
   */
  public CheckpointTensor {
    shape = List.copyOf(shape);
    if (byteCount != byteCount(shape, type)) {
      throw new CheckpointException(
          "%s: the tensor %s has %d bytes, which is not what %s of the shape %s need%s"
              .formatted(file, Shown.of(name), byteCount, type, shape, StrictJson.AGAIN));
    }
  }

  /** In safetensors' order of multiplication: what overflows is refused, be there a 0 behind it. */
  private static long byteCount(List<Long> shape, TensorType type) {
    try {
      long elements = 1;
      for (long length : shape) {
        elements = Math.multiplyExact(elements, length);
      }
      return Math.multiplyExact(elements, (long) type.bytes());
    } catch (ArithmeticException e) {
      return -1;
    }
  }
}

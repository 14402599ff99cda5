package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Location of one tensor of a checkpoint.
 *
 * @param name the name in the model's code, for instance {@code model.embed_tokens.weight}
 * @param type the element type; elements are little-endian
 * @param shape the number of elements along each axis, in row-major order (last axis fastest);
 *     empty for a scalar
 * @param file the safetensors file that holds it
 * @param offset position of its first byte in the file
 * @param byteCount the product of the shape times the size of an element
 */
public record CheckpointTensor(
    String name, ElementType type, List<Long> shape, Path file, long offset, long byteCount) {

  /**
   * Checks that shape, type and bytes fit together.
   *
   * @throws UnusableFileException if the bytes are not those that the shape needs
   */
  public CheckpointTensor {
    shape = List.copyOf(shape);
    boolean isShape = shape.stream().allMatch(length -> length >= 0);
    if (!isShape || offset < 0 || byteCount < 0 || byteCount != byteCount(shape, type)) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: the tensor %s has %d bytes from byte %d on, not as many as its shape %s of %s takes%s",
              file,
              Excerpt.of(name),
              byteCount,
              offset,
              shape,
              type,
              StrictJson.AGAIN));
    }
  }

  /**
   * Size in bytes; below 0 for an invalid shape. By safetensors' rule a product that overflows is
   * invalid, even if another dimension is 0.
   */
  private static long byteCount(List<Long> shape, ElementType type) {
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

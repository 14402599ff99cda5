package dev.ovchat.checkpoint;

import dev.ovchat.files.Shown;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

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
              Shown.of(name),
              byteCount,
              offset,
              shape,
              type,
              StrictJson.AGAIN));
    }
  }

  /**
   * Below 0 for what is not a shape. By safetensors' rule a product that overflows is not, even
   * beside a 0.
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

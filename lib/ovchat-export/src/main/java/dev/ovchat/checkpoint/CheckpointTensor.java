package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Location of one tensor of a checkpoint.
 *
 * @param name the name in the model's code, for instance {@code model.embed_tokens.weight}
 * @param type the element type, little-endian; F32 where the weights are quantized
 * @param blocks the format of quantized weights; empty where the elements lie there as they are
 * @param shape the number of elements along each axis, in row-major order (last axis fastest);
 *     empty for a scalar
 * @param file the file that holds it
 * @param offset position of its first byte in the file
 * @param byteCount size in bytes: the product of the shape times the size of an element, or of
 *     whole blocks
 */
public record CheckpointTensor(
    String name,
    ElementType type,
    Optional<BlockFormat> blocks,
    List<Long> shape,
    Path file,
    long offset,
    long byteCount) {

  /**
   * Checks that shape, type and bytes fit together.
   *
   * @throws UnusableFileException if the bytes are not those that the shape needs
   */
  public CheckpointTensor {
    shape = List.copyOf(shape);
    OptionalLong expected = byteCount(shape, type, blocks);
    if (offset < 0 || expected.isEmpty() || byteCount != expected.getAsLong()) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: the tensor %s has %d bytes from byte %d on, not as many as its shape %s of %s takes%s",
              file,
              Excerpt.of(name),
              byteCount,
              offset,
              shape,
              typeName(type, blocks),
              StrictJson.AGAIN));
    }
  }

  /** The name of the type, for messages. */
  private static Object typeName(ElementType type, Optional<BlockFormat> blocks) {
    return blocks.<Object>map(format -> format).orElse(type);
  }

  /** Makes the location of a tensor that is not quantized. */
  public CheckpointTensor(
      String name, ElementType type, List<Long> shape, Path file, long offset, long byteCount) {
    this(name, type, Optional.empty(), shape, file, offset, byteCount);
  }

  /** The same location under another name. */
  public CheckpointTensor withName(String value) {
    return new CheckpointTensor(value, type, blocks, shape, file, offset, byteCount);
  }

  /** Number of weights. */
  public long size() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * Size of a number of consecutive weights, in bytes.
   *
   * @param weights a multiple of the blocks' size, where the weights are quantized
   */
  public long bytes(long weights) {
    return bytes(weights, type, blocks);
  }

  /**
   * Checks that a part lies in the tensor and can be mapped at once.
   *
   * @param from the part's first byte, counted from the tensor's
   * @param byteCount size of the part, in bytes
   * @throws UnusableFileException if it does not
   */
  public void requirePart(long from, int byteCount) {
    boolean isInside = from >= 0 && byteCount >= 0 && from <= this.byteCount - byteCount;
    if (!isInside || byteCount > MappedFile.LARGEST_PART) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%d bytes from byte %d on were asked of the tensor %s in %s, which has %d bytes; at"
                  + " most %d are given at once.",
              byteCount,
              from,
              Excerpt.of(name),
              file,
              this.byteCount,
              MappedFile.LARGEST_PART));
    }
  }

  private static long bytes(long weights, ElementType type, Optional<BlockFormat> blocks) {
    return blocks
        .map(format -> Math.multiplyExact(weights / format.weights(), (long) format.bytes()))
        .orElseGet(() -> Math.multiplyExact(weights, (long) type.bytes()));
  }

  /**
   * Size of a tensor in bytes; empty for an invalid shape. By safetensors' rule a product that
   * overflows is invalid, even if another dimension is 0. A row of quantized weights is made of
   * whole blocks.
   */
  public static OptionalLong byteCount(
      List<Long> shape, ElementType type, Optional<BlockFormat> blocks) {
    long row = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
    boolean isWhole = blocks.isEmpty() || row % blocks.get().weights() == 0;
    if (!isWhole || shape.stream().anyMatch(length -> length < 0)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(bytes(shape.stream().reduce(1L, Math::multiplyExact), type, blocks));
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }
}

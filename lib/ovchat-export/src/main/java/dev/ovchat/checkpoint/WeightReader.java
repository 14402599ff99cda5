package dev.ovchat.checkpoint;

import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads little-endian weights as floats, quantized ones by restoring them; one instance per thread.
 */
public final class WeightReader {
  /** Types that can be read; safetensors gives them the same names. */
  private static final Set<ElementType> TYPES =
      EnumSet.of(ElementType.F32, ElementType.F16, ElementType.BF16);

  private final ElementType type;
  private final Optional<BlockFormat> blocks;
  private final Optional<QuantizedBlock> parts;
  private final short[] halves;

  /**
   * Makes a reader for one thread.
   *
   * @param type element type of the source
   * @param largest the largest count of one {@link #read}
   */
  public WeightReader(ElementType type, int largest) {
    this(type, Optional.empty(), largest);
  }

  private WeightReader(ElementType type, Optional<BlockFormat> blocks, int largest) {
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "Weights of the type %s cannot be read; take one of %s.".formatted(type, TYPES));
    }
    this.type = type;
    this.blocks = blocks;
    this.parts = blocks.map(QuantizedBlock::new);
    this.halves = new short[type == ElementType.F32 ? 0 : largest];
  }

  /**
   * Makes a reader of a tensor's weights for one thread.
   *
   * @param largest the largest count of one {@link #read}
   */
  public static WeightReader of(CheckpointTensor tensor, int largest) {
    return new WeightReader(tensor.type(), tensor.blocks(), largest);
  }

  /** The type of the weights; F32 where they are quantized. */
  public ElementType type() {
    return type;
  }

  /** Returns whether the weights are quantized: then they have to be restored. */
  public boolean isQuantized() {
    return blocks.isPresent();
  }

  /** The type of this name, if weights of it can be read. */
  static Optional<ElementType> typeOf(String name) {
    return TYPES.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * Reads {@code count} weights from the buffer's position on, and moves it past them. Of quantized
   * weights the count is a multiple of the blocks' size.
   */
  public void read(ByteBuffer source, float[] weights, int count) {
    if (isQuantized()) {
      restore(source, weights, count);
      return;
    }
    ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (type == ElementType.F32) {
      bytes.asFloatBuffer().get(weights, 0, count);
    } else {
      bytes.asShortBuffer().get(halves, 0, count);
      widen(weights, count);
    }
    source.position(source.position() + count * type.bytes());
  }

  private void restore(ByteBuffer source, float[] weights, int count) {
    BlockFormat format = blocks.get();
    ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < count; at += format.weights()) {
      format.unpack(bytes, parts.get());
      parts.get().restore(weights, at);
    }
    source.position(bytes.position());
  }

  private void widen(float[] weights, int count) {
    if (type == ElementType.BF16) {
      for (int i = 0; i < count; i++) {
        weights[i] = Float.intBitsToFloat(halves[i] << 16);
      }
    } else {
      for (int i = 0; i < count; i++) {
        weights[i] = HalfPrecision.toFloat(halves[i]);
      }
    }
  }
}

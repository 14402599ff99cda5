package dev.ovchat.checkpoint;

import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads little-endian weights as floats, quantized ones by restoring them, and changes them where
 * that is asked for; one instance per thread.
 */
public final class WeightReader {
  /** Types that can be read; safetensors gives them the same names. */
  private static final Set<ElementType> TYPES =
      EnumSet.of(ElementType.F32, ElementType.F16, ElementType.BF16);

  private final ElementType type;
  private final Optional<BlockFormat> blocks;
  private final Optional<QuantizedBlock> parts;
  private final List<WeightChange> changes;
  private final short[] halves;

  /**
   * Makes a reader for one thread.
   *
   * @param type element type of the source
   * @param largest the largest count of one {@link #read}
   */
  public WeightReader(ElementType type, int largest) {
    this(type, Optional.empty(), largest, List.of());
  }

  private WeightReader(
      ElementType type, Optional<BlockFormat> blocks, int largest, List<WeightChange> changes) {
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "Weights of the type %s cannot be read; take one of %s.".formatted(type, TYPES));
    }
    this.type = type;
    this.blocks = blocks;
    this.parts = blocks.map(QuantizedBlock::new);
    this.changes = List.copyOf(changes);
    this.halves = new short[type == ElementType.F32 ? 0 : largest];
  }

  /**
   * Makes a reader of a tensor's weights for one thread.
   *
   * @param largest the largest count of one {@link #read}
   */
  public static WeightReader of(CheckpointTensor tensor, int largest) {
    return of(tensor, largest, List.of());
  }

  /**
   * Makes a reader of a tensor's weights, which are changed then, for one thread.
   *
   * @param largest the largest count of one {@link #read}
   * @param changes the changes, made one after the other
   */
  public static WeightReader of(CheckpointTensor tensor, int largest, List<WeightChange> changes) {
    return new WeightReader(tensor.type(), tensor.blocks(), largest, changes);
  }

  /** The type of the weights; F32 where they are quantized, that of the last change if any. */
  public ElementType type() {
    return changes.isEmpty() ? type : changes.get(changes.size() - 1).type();
  }

  /** Returns whether the source holds the weights as they are read: not quantized, not changed. */
  public boolean isUnchanged() {
    return blocks.isEmpty() && changes.isEmpty();
  }

  /** The type of this name, if weights of it can be read. */
  static Optional<ElementType> typeOf(String name) {
    return TYPES.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * Reads {@code count} weights from the buffer's position on, and moves it past them. Of quantized
   * weights the count is a multiple of the blocks' size.
   *
   * @throws ArithmeticException if a changed weight is infinite or NaN
   */
  public void read(ByteBuffer source, float[] weights, int count) {
    if (blocks.isPresent()) {
      restore(source, weights, count);
    } else {
      copy(source, weights, count);
    }
    for (WeightChange change : changes) {
      change.apply(weights, count);
    }
  }

  private void copy(ByteBuffer source, float[] weights, int count) {
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

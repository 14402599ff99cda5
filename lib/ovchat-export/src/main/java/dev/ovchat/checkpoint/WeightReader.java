package dev.ovchat.checkpoint;

import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Reads little-endian weights as floats; one instance per thread. */
public final class WeightReader {
  /** Types that can be read; safetensors gives them the same names. */
  private static final Set<ElementType> TYPES =
      EnumSet.of(ElementType.F32, ElementType.F16, ElementType.BF16);

  private final ElementType type;
  private final short[] halves;

  /**
   * Makes a reader for one thread.
   *
   * @param type element type of the source
   * @param largest the largest count of one {@link #read}
   */
  public WeightReader(ElementType type, int largest) {
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "Weights of the type %s cannot be read; take one of %s.".formatted(type, TYPES));
    }
    this.type = type;
    this.halves = new short[type == ElementType.F32 ? 0 : largest];
  }

  /** The type of this name, if weights of it can be read. */
  static Optional<ElementType> typeOf(String name) {
    return TYPES.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /** Reads {@code count} weights from the buffer's position on, and moves it past them. */
  public void read(ByteBuffer source, float[] weights, int count) {
    ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (type == ElementType.F32) {
      bytes.asFloatBuffer().get(weights, 0, count);
    } else {
      bytes.asShortBuffer().get(halves, 0, count);
      widen(weights, count);
    }
    source.position(source.position() + count * type.bytes());
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

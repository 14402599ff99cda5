package dev.ovchat.checkpoint;

/** IEEE 754 binary16 ("half") from and to {@code float}. */
public final class HalfPrecision {
  private static final int INFINITY = 0x7C00;
  private static final int NAN = 0x7E00;
  private static final float SMALLEST_NORMAL = 0x1p-14f;
  private static final float SMALLEST_OVERFLOWING = 65_520f;

  /** Addend that rounds a float below {@link #SMALLEST_NORMAL} to a multiple of 2⁻²⁴. */
  private static final float SUBNORMAL_ROUNDER = 0.5f;

  private HalfPrecision() {}

  /** The nearest half, ties to even; infinity from 65,520 on, as in NumPy. */
  public static short fromFloat(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> 16) & 0x8000;
    return (short) (sign | magnitude(Math.abs(value)));
  }

  private static int magnitude(float value) {
    if (value < SMALLEST_NORMAL) {
      return Float.floatToRawIntBits(value + SUBNORMAL_ROUNDER)
          - Float.floatToRawIntBits(SUBNORMAL_ROUNDER);
    }
    if (value < SMALLEST_OVERFLOWING) {
      int bits = Float.floatToRawIntBits(value) - (112 << 23);
      int odd = (bits >>> 13) & 1;
      return (bits + 0xFFF + odd) >>> 13;
    }
    return Float.isNaN(value) ? NAN : INFINITY;
  }

  /** The same value, exactly. */
  public static float toFloat(short half) {
    int magnitude = half & 0x7FFF;
    int sign = (half & 0x8000) << 16;
    if (magnitude >= INFINITY) {
      return Float.intBitsToFloat(sign | 0x7F80_0000 | (magnitude & 0x3FF) << 13);
    }
    // The exponent is 112 short of a float's; multiplying mends that for subnormals too.
    float value = Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
  }
}

package dev.ovchat.checkpoint;

/** bfloat16: the upper half of a {@code float}. */
public final class BrainFloat {
  private static final int LAST_BIT = 0x1_0000;

  private BrainFloat() {}

  /**
   * A float of which bfloat16 holds all, as OpenVINO's {@code ov::bfloat16} rounds: where the last
   * bit that stays is 1, up from the middle on, which is to the nearest, ties to even; where it is
   * 0, always towards zero, be another one nearer or not.
   */
  public static float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + ((bits & LAST_BIT) >> 1)) & -LAST_BIT);
  }

  /** The bits of a float of which bfloat16 holds all. */
  public static short bits(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }
}

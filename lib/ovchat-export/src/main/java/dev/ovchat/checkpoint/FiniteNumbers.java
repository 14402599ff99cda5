package dev.ovchat.checkpoint;

/** The check that numbers are finite, without a branch for each. */
public final class FiniteNumbers {
  private static final int EXPONENT = 0x7F80_0000;
  private static final int LOWEST_OF_EXPONENT = 0x0080_0000;

  private FiniteNumbers() {}

  /**
   * A number below 0 if a value is infinite or NaN, whose exponent has all bits set, else one of 0
   * or more. The bits of many values may be joined by {@code |}, and their sign asked for at last.
   */
  public static int belowZeroIfNot(float value) {
    return (Float.floatToRawIntBits(value) & EXPONENT) + LOWEST_OF_EXPONENT;
  }
}

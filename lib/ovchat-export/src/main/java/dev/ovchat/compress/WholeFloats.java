package dev.ovchat.compress;

/**
 * Whole numbers kept in floats, below 2²² in magnitude: the compiler vectorizes loops over floats.
 */
final class WholeFloats {
  /**
   * The number 1.5 · 2²³. Floats of this magnitude are whole numbers: adding it rounds half to
   * even, and leaves the whole number in two's complement in the lowest 22 bits.
   */
  private static final float WHOLE = 0x1.8p23f;

  private WholeFloats() {}

  /** Rounds half to even, like {@link Math#rint}, which is many times slower. */
  static float rounded(float value) {
    return (value + WHOLE) - WHOLE;
  }

  /** An int with the number's lowest 22 bits; a cast would take twice as long. */
  static int lowBits(float whole) {
    return Float.floatToRawIntBits(whole + WHOLE);
  }
}

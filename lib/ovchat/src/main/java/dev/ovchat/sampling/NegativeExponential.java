package dev.ovchat.sampling;

/**
 * The exponential function of what softmax asks for: numbers that are not positive, whose result is
 * rounded to 32 bits. Java's own takes three times as long, and its result depends on the processor
 * in the last digit.
 */
final class NegativeExponential {
  private static final int STEP_BITS = 6;
  private static final int STEPS = 1 << STEP_BITS;
  private static final double STEPS_PER_UNIT = STEPS / StrictMath.log(2);
  private static final double STEP = StrictMath.log(2) / STEPS;

  /** Below it the result is nearer to 0 than to the smallest number of 32 bits. */
  private static final float LOWEST = -104;

  /** Powers of 2, from 0 to 1 in steps of a 64th. */
  private static final double[] POWERS = new double[STEPS];

  static {
    for (int step = 0; step < STEPS; step++) {
      POWERS[step] = StrictMath.pow(2, (double) step / STEPS);
    }
  }

  private NegativeExponential() {}

  /**
   * Computes {@code e^x} as a power of 2 in steps, and what is left by Taylor's series; the first
   * term that is left out is below 1e-13 of the result.
   *
   * @param x not positive, or NaN
   */
  static float of(float x) {
    if (x < LOWEST) {
      return 0;
    }
    int steps = (int) (x * STEPS_PER_UNIT - 0.5); // the nearest one
    double left = x - steps * STEP;
    double series = 1 + left * (1 + left * (1 / 2.0 + left * (1 / 6.0 + left * (1 / 24.0))));
    long exponent = (long) (steps >> STEP_BITS) + Double.MAX_EXPONENT;
    double whole = Double.longBitsToDouble(exponent << 52);
    return (float) (series * POWERS[steps & STEPS - 1] * whole);
  }
}

package dev.ovchat.compress;

/**
 * The scale of a group of weights in a float format, by NNCF's formulas, in the order of 32-bit
 * operations of {@code _build_float_quantization_model} of its OpenVINO backend.
 */
final class FloatScale {
  /** NNCF's guard against dividing by zero: {@code numpy.finfo(numpy.float32).eps}. */
  private static final float SMALLEST = 0x1p-23f;

  /** The CPU plugin multiplies by it where NNCF divides by the logarithm of 2. */
  private static final float PER_LN_2 = 1 / (float) Math.log(2);

  private FloatScale() {}

  /**
   * The scale of weights of this range. NNCF has another guard for a group of zeros in a matrix of
   * less than 10,000 weights.
   */
  static float of(FloatMode mode, float least, float greatest) {
    float extreme = Math.max(Math.abs(least), Math.abs(greatest));
    return switch (mode) {
      case NF4 -> guarded(extreme);
      case CB4 -> guarded(extreme / mode.greatest());
      case MXFP4, MXFP8_E4M3 -> powerOfTwo(guarded(extreme) / mode.greatest());
    };
  }

  private static float guarded(float scale) {
    return Math.max(scale, SMALLEST);
  }

  /**
   * The next power of two, by a logarithm in 32 bits: a scale that is a power already may get the
   * next one, and one that is a few steps above it may not.
   */
  private static float powerOfTwo(float scale) {
    float exponent = (float) Math.ceil((float) Math.log(scale) * PER_LN_2);
    return Math.scalb(1f, (int) Math.min(127, exponent));
  }
}

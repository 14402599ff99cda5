package dev.ovchat.compress;

/**
 * The scale and the zero point of a group of weights, found and applied by NNCF's formulas, in its
 * order of 32-bit operations: {@code _build_integer_quantization_model} of its OpenVINO backend.
 */
final class GroupScale {
  /** NNCF's guard against dividing by zero: {@code numpy.finfo(numpy.float32).eps}. */
  private static final float SMALLEST_SCALE = 0x1p-23f;

  private final IntegerMode mode;
  private float scale;
  private float zeroPoint;

  GroupScale(IntegerMode mode) {
    this.mode = mode;
  }

  float scale() {
    return scale;
  }

  /** A whole number; 0 for a symmetric mode. */
  float zeroPoint() {
    return zeroPoint;
  }

  /** Finds scale and zero point for weights of this range. */
  void fit(float least, float greatest) {
    if (mode.asymmetric()) {
      float low = Math.min(0f, least);
      scale = guarded((Math.max(0f, greatest) - low) / (mode.highest() - mode.lowest()));
      zeroPoint =
          clamp(mode.lowest() - WholeFloats.rounded(low / scale), mode.lowest(), mode.highest());
    } else {
      float extreme = Math.abs(least) >= greatest ? Math.abs(least) : -greatest;
      scale = guarded(extreme / -mode.lowest());
      zeroPoint = 0f;
    }
  }

  private static float guarded(float scale) {
    return Math.abs(scale) < SMALLEST_SCALE ? SMALLEST_SCALE : scale;
  }

  /**
   * Writes the weights' integers to the same indices of another array. Rounding is exact: a weight
   * over its scale is at most 256 in magnitude, and so is a zero point.
   */
  void quantize(float[] weights, int from, int to, float[] integers) {
    float divisor = scale;
    float zero = zeroPoint;
    float lowest = mode.lowest();
    float highest = mode.highest();
    for (int i = from; i < to; i++) {
      integers[i] = clamp(WholeFloats.rounded(weights[i] / divisor + zero), lowest, highest);
    }
  }

  /** Writes (restored weight − weight)² in place of the integers. */
  void squareDifferences(float[] weights, int from, int to, float[] integers) {
    float factor = scale;
    float zero = zeroPoint;
    for (int i = from; i < to; i++) {
      float difference = (integers[i] - zero) * factor - weights[i];
      integers[i] = difference * difference;
    }
  }

  private static float clamp(float value, float lowest, float highest) {
    return Math.max(lowest, Math.min(highest, value));
  }
}

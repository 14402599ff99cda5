package dev.ovchat.compress;

/** The middles between neighbouring values of a format, ascending. */
final class ValueCenters {
  private final float[] centers;

  ValueCenters(float... centers) {
    this.centers = centers.clone();
  }

  /** The middles between these values. */
  static ValueCenters between(float... values) {
    float[] centers = new float[values.length - 1];
    for (int i = 0; i < centers.length; i++) {
      centers[i] = 0.5f * (values[i] + values[i + 1]);
    }
    return new ValueCenters(centers);
  }

  /** Number of middles below a number: the index of the value nearest to it. */
  int below(float number) {
    int count = 0;
    for (float center : centers) {
      count += number > center ? 1 : 0;
    }
    return count;
  }
}

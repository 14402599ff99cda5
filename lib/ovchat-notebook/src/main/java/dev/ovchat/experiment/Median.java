package dev.ovchat.experiment;

import java.util.Arrays;

/** Median of figures. */
final class Median {
  private Median() {}

  /** Returns the middle figure, or the mean of the two in the middle; NaN if there are none. */
  static double of(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}

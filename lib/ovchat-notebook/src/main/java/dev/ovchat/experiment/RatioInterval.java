package dev.ovchat.experiment;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How many times as large one figure is as another, with what the runs leave open.
 *
 * <p>The logarithms of the figures are taken to be spread normally, so the ratio is a geometric
 * mean and its bounds are Student's t: that holds for a handful of runs too, where neither a
 * bootstrap (too narrow, since it knows only the few values there are) nor order statistics (with 5
 * runs the smallest of them is too large 1 time in 32) can promise anything. One run that was
 * disturbed makes the interval wide, and so proves nothing that is false.
 *
 * <p>Who looks at the best of many sees chance at its best. So the error is shared out among all
 * comparisons (Bonferroni): each bound holds for all of them at once with 95 %.
 *
 * @param ratio the geometric mean
 * @param lower the ratio is at least that; 0 where the runs are too few, or too far apart, to say
 * @param upper the ratio is at most that; infinite where the runs cannot say
 * @param pairs how many ratios or, of the side that has fewer, how many figures it is from
 */
record RatioInterval(double ratio, double lower, double upper, int pairs) {
  /** Bounds that are that many times off the ratio rule out nothing that anybody would expect. */
  private static final double WIDEST = 1000;

  /**
   * Of figures that belong together, such as those of one round: what slowed the machine down for a
   * while slowed both.
   *
   * @param figures above 0, as many as {@code others}, one or more
   */
  static RatioInterval paired(double[] figures, double[] others, StudentsT t) {
    double[] logs =
        IntStream.range(0, figures.length)
            .mapToDouble(i -> Math.log(figures[i] / others[i]))
            .toArray();
    double error = Math.sqrt(variance(logs) / logs.length);
    return of(mean(logs), error, logs.length - 1, t, logs.length);
  }

  /** Of figures alone: their geometric mean, and where the one of many more of them would lie. */
  static RatioInterval single(double[] figures, StudentsT t) {
    double[] ones = new double[figures.length];
    Arrays.fill(ones, 1);
    return paired(figures, ones, t);
  }

  /** Of figures that have nothing to do with each other: Welch's t. */
  static RatioInterval unpaired(double[] figures, double[] others, StudentsT t) {
    double[] a = Arrays.stream(figures).map(Math::log).toArray();
    double[] b = Arrays.stream(others).map(Math::log).toArray();
    double ofA = variance(a) / a.length;
    double ofB = variance(b) / b.length;
    int fewer = Math.min(a.length, b.length);
    double freedom = fewer < 2 ? 0 : freedom(ofA, a.length, ofB, b.length);
    return of(mean(a) - mean(b), Math.sqrt(ofA + ofB), freedom, t, fewer);
  }

  /** By Welch and Satterthwaite. */
  private static double freedom(double ofA, int a, double ofB, int b) {
    double sum = ofA + ofB;
    return sum == 0 ? a + b - 2 : sum * sum / (ofA * ofA / (a - 1) + ofB * ofB / (b - 1));
  }

  private static RatioInterval of(
      double log, double error, double freedom, StudentsT t, int pairs) {
    double off = freedom > 0 ? t.quantile(freedom) * error : Double.POSITIVE_INFINITY;
    if (off > Math.log(WIDEST)) {
      return new RatioInterval(Math.exp(log), 0, Double.POSITIVE_INFINITY, pairs);
    }
    return new RatioInterval(Math.exp(log), Math.exp(log - off), Math.exp(log + off), pairs);
  }

  /** Whether there are enough runs, near enough to each other, for bounds. */
  boolean isBounded() {
    return Double.isFinite(upper);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum()
        / Math.max(1, values.length - 1);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", ratio, lower, upper);
  }
}

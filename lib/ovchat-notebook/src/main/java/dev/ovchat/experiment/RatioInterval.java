package dev.ovchat.experiment;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Variance;

/**
 * Ratio of one figure to another, with its confidence interval.
 *
 * <p>The logarithms of the figures are taken to be spread normally, so the ratio is a geometric
 * mean and its bounds are Student's t: that holds for a handful of runs too, where neither a
 * bootstrap (too narrow, since it knows only the few values there are) nor order statistics (with 5
 * runs the smallest of them is too large 1 time in 32) can promise anything. One disturbed run
 * makes the interval wide, and so proves nothing that is false.
 *
 * <p>The best of many configs is the one that chance favours most. So the error is divided among
 * all comparisons (Bonferroni): each bound holds for all of them at once with 95 %.
 *
 * @param ratio the geometric mean
 * @param lower lower bound of the ratio; 0 if the runs are too few, or too far apart
 * @param upper upper bound of the ratio; infinite if the runs are too few, or too far apart
 * @param pairs the number of paired ratios, or of the figures on the side that has fewer
 */
record RatioInterval(double ratio, double lower, double upper, int pairs) {
  /**
   * The widest interval, as a factor between the ratio and a bound: beyond it the bounds rule out
   * nothing that anybody would expect.
   */
  private static final double WIDEST = 1000;

  /**
   * Interval of paired figures, such as those of one round: a temporary slowdown of the machine
   * affected both.
   *
   * @param figures one or more figures above 0, as many as {@code others}
   */
  static RatioInterval paired(double[] figures, double[] others, StudentsT t) {
    double[] logs =
        IntStream.range(0, figures.length)
            .mapToDouble(i -> Math.log(figures[i] / others[i]))
            .toArray();
    double error = Math.sqrt(variance(logs) / logs.length);
    return of(mean(logs), error, logs.length - 1, t, logs.length);
  }

  /**
   * Interval of single figures: their geometric mean, with bounds for the geometric mean of many
   * more.
   */
  static RatioInterval single(double[] figures, StudentsT t) {
    double[] ones = new double[figures.length];
    Arrays.fill(ones, 1);
    return paired(figures, ones, t);
  }

  /** Interval of independent figures, by Welch's t. */
  static RatioInterval unpaired(double[] figures, double[] others, StudentsT t) {
    double[] a = Arrays.stream(figures).map(Math::log).toArray();
    double[] b = Arrays.stream(others).map(Math::log).toArray();
    double ofA = variance(a) / a.length;
    double ofB = variance(b) / b.length;
    int fewer = Math.min(a.length, b.length);
    double freedom = fewer < 2 ? 0 : freedom(ofA, a.length, ofB, b.length);
    return of(mean(a) - mean(b), Math.sqrt(ofA + ofB), freedom, t, fewer);
  }

  /** Degrees of freedom by Welch and Satterthwaite. */
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

  /**
   * Describes the ratio of paired rounds, as a speed-up. The ratio of medians over all rounds may
   * differ.
   *
   * @param baseline what the speed is compared with
   * @param compared number of what was compared with it
   * @param what name of one of these
   */
  String inWords(String baseline, int compared, String what) {
    return String.format(
        Locale.ROOT,
        "%.2f times as fast as %s, round by round (%s; %s, %s compared)",
        ratio,
        baseline,
        isBounded()
            ? String.format(
                Locale.ROOT, "with 95 %% confidence at least %.2f, at most %.2f", lower, upper)
            : "from %s nothing is certain"
                .formatted(pairs < 2 ? "one round" : "rounds so far apart"),
        count(pairs, "round"),
        count(compared, what));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** Returns whether there are bounds: enough runs, near enough to each other. */
  boolean isBounded() {
    return Double.isFinite(upper);
  }

  private static double mean(double[] values) {
    return Mean.of(values).getAsDouble();
  }

  /** Returns the unbiased variance; 0 of a single value. */
  private static double variance(double[] values) {
    return Variance.of(values).getAsDouble();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", ratio, lower, upper);
  }
}

package dev.ovchat.experiment;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Student's t for bounds that hold for several comparisons at once with 95 % each: the error is
 * shared out among them (Bonferroni).
 */
final class StudentsT {
  private static final double ERROR = 0.05;

  private final int comparisons;

  /** By degrees of freedom; finding one takes as long as all the rest of an interval. */
  private final Map<Double, Double> quantiles = new HashMap<>();

  /**
   * @param comparisons how many ratios are looked at, 1 or more
   */
  StudentsT(int comparisons) {
    this.comparisons = comparisons;
  }

  /**
   * By how many standard errors a bound is off.
   *
   * @param freedom degrees of freedom, above 0
   */
  double quantile(double freedom) {
    return quantiles.computeIfAbsent(
        freedom,
        degrees ->
            new TDistribution(null, degrees).inverseCumulativeProbability(1 - ERROR / comparisons));
  }
}

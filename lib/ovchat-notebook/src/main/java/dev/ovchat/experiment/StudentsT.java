package dev.ovchat.experiment;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Student's t for bounds that hold for several comparisons at once with 95 % each: the error is
 * divided among them (Bonferroni).
 */
final class StudentsT {
  private static final double ERROR = 0.05;

  private final int comparisons;

  /** Quantiles by degrees of freedom; finding one takes as long as the rest of an interval. */
  private final Map<Double, Double> quantiles = new HashMap<>();

  /**
   * @param comparisons number of ratios that are compared, 1 or more
   */
  StudentsT(int comparisons) {
    this.comparisons = comparisons;
  }

  /**
   * Distance of a bound from the mean, in standard errors.
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

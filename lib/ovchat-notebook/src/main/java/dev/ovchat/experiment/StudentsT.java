package dev.ovchat.experiment;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Student's t for bounds that hold for several comparisons at once with 95 % each: the error is
 * divided among them (Bonferroni).
 *
 * @param comparisons number of ratios that are compared, 1 or more
 */
record StudentsT(int comparisons) {
  private static final double ERROR = 0.05;

  /**
   * Distance of a bound from the mean, in standard errors.
   *
   * @param freedom degrees of freedom, above 0
   */
  double quantile(double freedom) {
    return TDistribution.of(freedom).inverseSurvivalProbability(ERROR / comparisons);
  }
}

package dev.ovchat.experiment;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A pair of an export and a config, and its runs.
 *
 * @param directory the model directory
 * @param weightsBytes size of the weights in it; 0 if the export failed
 * @param runs its runs of all rounds; their label is the config's
 * @param failure reason that the export failed, in a sentence; empty if it did not
 */
record Candidate(
    ExportVariant format, Path directory, long weightsBytes, ConfigRuns runs, String failure) {
  /** Number of the first round of the final: the rounds before only choose who takes part. */
  static final int FIRST_FINAL_ROUND = 4;

  /** Its name in sentences. */
  String label() {
    return format.name()
        + (runs.label().equals("baseline") ? " with the baseline config" : " with " + runs.label());
  }

  /** The runs of the final. */
  ConfigRuns inFinal() {
    return runs.ofRounds(round -> round >= FIRST_FINAL_ROUND);
  }

  private ConfigRuns before() {
    return runs.ofRounds(round -> round < FIRST_FINAL_ROUND);
  }

  boolean isInFinal() {
    return !inFinal().measured().isEmpty();
  }

  /** The runs that its figures are taken from: those of the final, if it takes part. */
  ConfigRuns counted() {
    return isInFinal() ? inFinal() : runs;
  }

  /** Perplexity of the text; NaN if it was not measured. */
  double perplexity() {
    return runs.median(Measured::perplexity);
  }

  /** Ratio of its perplexity to the baseline's; NaN if one of them was not measured. */
  double perplexityRatio(Candidate baseline) {
    return perplexity() / baseline.perplexity();
  }

  /** The reason of a failure; empty if nothing failed. */
  String reason() {
    return failure.isEmpty() ? runs.reason() : failure;
  }

  /** Tests whether it ran without failure, and its perplexity is within the bound. */
  boolean isEligible(Candidate baseline, double mostPerplexity) {
    return reason().isEmpty() && perplexityRatio(baseline) <= mostPerplexity;
  }

  /**
   * Ratio of its speed to the baseline's in the rounds before the final, which is not certain;
   * empty without such a round.
   */
  Optional<Double> firstImpression(Candidate baseline) {
    return before().speedUpOver(baseline.before(), new StudentsT(1)).map(RatioInterval::ratio);
  }

  /**
   * Ratio of its speed to the baseline's in the final; where it took no part, in the rounds before,
   * without bounds.
   */
  Optional<RatioInterval> speedUpOver(Candidate baseline, StudentsT t) {
    return isInFinal()
        ? inFinal().speedUpOver(baseline.inFinal(), t)
        : before()
            .speedUpOver(baseline.before(), t)
            .map(it -> new RatioInterval(it.ratio(), 0, Double.POSITIVE_INFINITY, it.pairs()));
  }
}

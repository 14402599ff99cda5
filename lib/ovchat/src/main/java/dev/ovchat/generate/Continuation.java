package dev.ovchat.generate;

import java.util.Comparator;

/**
 * A way in which one of several beams may go on.
 *
 * @param beam the index of the beam
 * @param id the token that it goes on with
 * @param logProbability the log-probability of the whole completion
 * @param rank the number that it is chosen by; higher is better
 */
record Continuation(int beam, int id, float logProbability, double rank) {
  /**
   * Order by rank; of equal ones the first beam's comes first, and of those the token with the
   * lowest id.
   */
  static final Comparator<Continuation> BEST_FIRST =
      Comparator.comparingDouble(Continuation::rank)
          .reversed()
          .thenComparingInt(Continuation::beam)
          .thenComparingInt(Continuation::id);
}

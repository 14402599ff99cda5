package dev.ovchat.generate;

import java.util.Comparator;

/**
 * A way in which one of several beams may go on.
 *
 * @param beam its place among them
 * @param id the token that it goes on with
 * @param logProbability of the whole answer
 * @param rank what it is chosen by: the higher, the better
 */
record Continuation(int beam, int id, float logProbability, double rank) {
  /** Of equal ones the first beam's, and of those the token with the lowest id. */
  static final Comparator<Continuation> BEST_FIRST =
      Comparator.comparingDouble(Continuation::rank)
          .reversed()
          .thenComparingInt(Continuation::beam)
          .thenComparingInt(Continuation::id);
}

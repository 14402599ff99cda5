package dev.ovchat.sampling;

/**
 * Chooses a token from processed logits. A custom one is given to a generation by {@code
 * GenerationHooks.sampler}.
 */
@FunctionalInterface
public interface Sampler {
  /** Takes the most probable token; of equal ones the first, as torch does. */
  Sampler GREEDY = Sampler::mostProbable;

  /**
   * Chooses a token, and returns its id.
   *
   * @param logits [vocabulary], by id; no NaN among them, and at least one of them finite. A custom
   *     sampler gets a copy, which it may change
   */
  int choose(float[] logits);

  /** The id of the highest logit; that of a NaN if there is any. Of equal ones, the first. */
  static int mostProbable(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      // Written so that a NaN, which is neither lower nor equal, is taken and stays.
      if (!(logits[id] <= logits[best])) {
        if (Float.isNaN(logits[best])) {
          return best;
        }
        best = id;
      }
    }
    return best;
  }
}

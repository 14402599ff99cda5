package dev.ovchat.sampling;

/**
 * Chooses a token from processed logits. A custom one is given to a generation by {@code
 * GenerationHooks.sampler}.
 */
@FunctionalInterface
public interface Sampler {
  /** Takes the most probable token; of equal ones the first, as torch does. */
  Sampler GREEDY = TokenChoice::mostProbable;

  /**
   * Chooses a token, and returns its id.
   *
   * @param logits [vocabulary], by id; no NaN among them, and at least one of them finite. A custom
   *     sampler gets a copy, which it may change
   */
  int choose(float[] logits);
}

package dev.ovchat.generate;

import dev.ovchat.sampling.TokenSequence;

/**
 * Guesses how an answer goes on. The model reads the guess in one step, keeps the tokens that it
 * would have chosen itself, and drops the rest: the answer is the same (to the token in full
 * precision; a rounding may part them at near-ties), only sooner where the guesses are good.
 */
@FunctionalInterface
public interface Drafter {
  /** Guesses nothing. */
  Drafter NONE = (tokens, most) -> new int[0];

  /**
   * The tokens that may follow.
   *
   * @param tokens prompt and answer so far
   * @param most how many tokens the guess may have, 0 or more
   * @return ids of the model's vocabulary; none where there is no guess
   */
  int[] draft(TokenSequence tokens, int most);

  /**
   * The model has read a guess.
   *
   * @param drafted how many tokens it had
   * @param accepted how many of them, from the first on, the model agreed with
   */
  default void verified(int drafted, int accepted) {}
}

package dev.ovchat.generate;

import dev.ovchat.sampling.TokenSequence;

/**
 * Guesses how a completion goes on. The model reads the guess in one step, keeps the tokens that it
 * would have chosen itself, and drops the rest: the completion is the same (the same tokens in full
 * precision; rounding may decide near-ties differently), only sooner where the guesses are good.
 */
@FunctionalInterface
public interface Drafter {
  /**
   * Guesses the next tokens.
   *
   * @param tokens prompt and completion so far
   * @param most the maximum number of tokens in the guess, 0 or more
   * @return ids of the model's vocabulary; empty for no guess
   */
  int[] draft(TokenSequence tokens, int most);

  /**
   * Receives the result after the model has read a guess.
   *
   * @param drafted the number of tokens in the guess
   * @param accepted the number of them, from the first on, that the model agreed with
   */
  default void verified(int drafted, int accepted) {}
}

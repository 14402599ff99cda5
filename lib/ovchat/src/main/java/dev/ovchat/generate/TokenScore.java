package dev.ovchat.generate;

/**
 * Probability that a model gives one token of a text, after those before it.
 *
 * @param position the index of the token in the text; from 1, since nothing comes before the token
 *     at 0
 * @param id the id of the token
 * @param text the text that it stands for, by {@link dev.ovchat.text.Tokenizer#visibleToken}
 * @param logProbability the natural logarithm of its probability, 0 or less
 * @param rank the rank of the token: 1 for the most probable one; one more for each token with a
 *     higher logit
 */
public record TokenScore(int position, int id, String text, double logProbability, int rank) {

  /** The probability of the token, 0 to 1. */
  public double probability() {
    return Math.exp(logProbability);
  }
}

package dev.ovchat.generate;

/**
 * How likely a model holds one token of a text, after those before it.
 *
 * @param place where it is in the text; from 1, since nothing comes before the token at 0
 * @param id its id
 * @param text the text that it stands for, by {@link dev.ovchat.text.Tokenizer#visibleToken}
 * @param logProbability the natural logarithm of its probability, 0 or less
 * @param rank 1 for the model's favourite; one more for each token with a higher logit
 */
public record TokenScore(int place, int id, String text, double logProbability, int rank) {

  /** Its probability, 0 to 1. */
  public double probability() {
    return Math.exp(logProbability);
  }
}

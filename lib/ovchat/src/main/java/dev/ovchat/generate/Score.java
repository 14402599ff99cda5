package dev.ovchat.generate;

import dev.ovchat.config.GenerationException;
import java.util.List;

/**
 * Probability that a model gives a text. The first token has nothing before it and is not scored,
 * as with the shifted labels of transformers' causal models.
 *
 * <p>The score of a part of the text is a score of its tokens alone: {@code new
 * Score(score.tokens().subList(from, to))}.
 *
 * @param tokens a score for each token that is scored, in their order; one or more
 */
public record Score(List<TokenScore> tokens) {

  /** Copies the list; it may not be empty. */
  public Score {
    tokens = List.copyOf(tokens);
    if (tokens.isEmpty()) {
      throw new GenerationException("A score is of one token or more; none was given.");
    }
  }

  /** The natural logarithm of the text's probability: the sum of its tokens'. */
  public double logLikelihood() {
    return tokens.stream().mapToDouble(TokenScore::logProbability).sum();
  }

  /**
   * The perplexity: {@code exp(-logLikelihood / tokens)}, 1 or more. It is the number of equally
   * probable tokens among which the model wavered, as a geometric mean. This is the exponential of
   * torch's {@code CrossEntropyLoss}, by the formula in transformers' "Perplexity of fixed-length
   * models".
   */
  public double perplexity() {
    return Math.exp(-logLikelihood() / tokens.size());
  }
}

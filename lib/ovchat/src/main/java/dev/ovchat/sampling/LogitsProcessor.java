package dev.ovchat.sampling;

import dev.ovchat.config.GenerationConfig;

/**
 * Changes the logits before a token is chosen from them: a rule for the tokens that a model may
 * choose, and their probability.
 *
 * <pre>{@code
 * LogitsProcessor shout = (tokens, logits) -> lowerCase.forEach(id -> logits[id] -= 5);
 * }</pre>
 *
 * <p>The processors that a {@link GenerationConfig} asks for are transformers' processors of the
 * same names, and give the same on the same logits. Custom ones are given to a generation by {@code
 * GenerationHooks.logitsProcessor}. What one throws ends the generation.
 */
@FunctionalInterface
public interface LogitsProcessor {
  /** The logit of a token that may not be chosen. */
  float RULED_OUT = Float.NEGATIVE_INFINITY;

  /**
   * Changes the logits in place.
   *
   * @param tokens prompt and completion so far
   * @param logits [vocabulary] of the token that follows, by its id; no NaN among them. Neither NaN
   *     nor plus infinity may come in. With beams they are log-probabilities, as in transformers
   */
  void process(TokenSequence tokens, float[] logits);
}

package dev.ovchat.generate;

/**
 * Changes the logits before a token is chosen from them. Its implementations are transformers'
 * processors of the same names, and give the same on the same logits.
 *
 * <p>One serves one generation: it keeps the memory that it works in.
 */
@FunctionalInterface
interface LogitsProcessor {
  /** The logit of a token that may not be chosen. */
  float RULED_OUT = Float.NEGATIVE_INFINITY;

  /**
   * Changes the logits in place.
   *
   * @param tokens prompt and answer so far
   * @param logits [vocabulary] of the token that follows; no NaN among them
   */
  void process(TokenSequence tokens, float[] logits);
}

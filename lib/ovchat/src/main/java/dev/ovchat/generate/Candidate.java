package dev.ovchat.generate;

import dev.ovchat.sampling.LogitsProcessor;

/**
 * A token that might have come next.
 *
 * @param id its id
 * @param text the text that it stands for, by {@link dev.ovchat.text.Tokenizer#visibleToken}
 * @param logit the model's own score; it has no unit, and only differences between logits matter
 * @param probability the softmax of the model's own logits, 0 to 1
 * @param processedLogit the score after the processors; minus infinity if they rule the token out
 * @param processedProbability the softmax of the processed logits, 0 to 1
 * @param forbidden true if a rule rules the token out: {@code badWordsIds}, {@code
 *     noRepeatNgramSize}, {@code minNewTokens}, a logits processor of the caller's own, or the
 *     response format; not what only shapes the sampling, such as {@code topK}
 */
public record Candidate(
    int id,
    String text,
    float logit,
    double probability,
    float processedLogit,
    double processedProbability,
    boolean forbidden) {

  /** Returns whether the processors rule this token out: its processed probability is 0. */
  public boolean isRuledOut() {
    return processedLogit == LogitsProcessor.RULED_OUT;
  }
}

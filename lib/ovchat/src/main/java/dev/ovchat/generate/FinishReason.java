package dev.ovchat.generate;

import dev.ovchat.grammar.FormatRule;
import dev.ovchat.sampling.TokenSequence;
import java.util.Optional;

/** Reason that a completion ended. */
public enum FinishReason {
  /** The model gave one of its end tokens. */
  END_TOKEN,
  /**
   * The completion reached {@code maxNewTokens} or {@code maxLength}, or the model's context is
   * full.
   */
  LENGTH,
  /** The completion's text reached one of {@code stopStrings}. */
  STOP_STRING,
  /** The completion is complete by its {@code responseFormat}, and there is no end token to add. */
  COMPLETE,
  /** The generation was cancelled, or the thread that generated was interrupted. */
  CANCELLED;

  /**
   * Decides after each token whether a completion is over, as transformers' {@code
   * StoppingCriteria} do.
   *
   * @param text the completion's text, which has taken all tokens; empty where it is not decoded,
   *     for want of stop strings
   * @param format the rule of the response format
   * @return empty if it goes on
   */
  static Optional<FinishReason> of(
      TokenSequence tokens, Optional<CompletionText> text, Optional<FormatRule> format) {
    if (tokens.isEnded()) {
      return Optional.of(END_TOKEN);
    }
    if (text.isPresent() && text.get().isStopped()) {
      return Optional.of(STOP_STRING);
    }
    if (format.isPresent()
        && !format.get().hasEndTokens()
        && format.get().isComplete(tokens.completion())) {
      return Optional.of(COMPLETE);
    }
    return tokens.isFull() ? Optional.of(LENGTH) : Optional.empty();
  }
}

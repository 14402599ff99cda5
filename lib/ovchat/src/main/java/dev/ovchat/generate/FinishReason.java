package dev.ovchat.generate;

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
  CANCELLED
}

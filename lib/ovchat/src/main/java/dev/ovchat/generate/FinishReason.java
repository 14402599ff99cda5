package dev.ovchat.generate;

/** Why an answer ended. */
public enum FinishReason {
  /** The model gave one of its end tokens. */
  END_TOKEN,
  /** The answer reached {@code maxNewTokens}, or the model's context is full. */
  LENGTH,
  /** The answer's text reached one of {@code stopStrings}. */
  STOP_STRING,
  /** It was cancelled, or the thread that generated was interrupted. */
  CANCELLED
}

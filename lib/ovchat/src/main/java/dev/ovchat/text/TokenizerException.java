package dev.ovchat.text;

import dev.ovchat.message.Visible;

/**
 * Thrown when text, ids or messages cannot be converted; the message says which, and what is
 * allowed or wrong.
 */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Takes the message, a whole sentence. */
  public TokenizerException(String message) {
    super(Visible.text(message));
  }

  /** Takes the message, a whole sentence, and the cause. */
  public TokenizerException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

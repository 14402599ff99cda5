package dev.ovchat.text;

import dev.ovchat.message.Visible;

/**
 * Thrown when text, ids or messages cannot be converted; the message says which, and what is
 * allowed or wrong.
 */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TokenizerException(String message) {
    super(Visible.text(message));
  }

  public TokenizerException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

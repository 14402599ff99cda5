package dev.ovchat.text;

import dev.ovchat.message.Visible;

/**
 * Text, ids or messages cannot be converted; the message says which, and what is allowed or wrong.
 */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenizerException(String message) {
    super(Visible.text(message));
  }

  TokenizerException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

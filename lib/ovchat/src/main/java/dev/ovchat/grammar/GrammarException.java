package dev.ovchat.grammar;

import dev.ovchat.message.Visible;

/** Thrown when an answer cannot be held to a response format. */
public final class GrammarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GrammarException(String message) {
    super(Visible.text(message));
  }

  GrammarException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

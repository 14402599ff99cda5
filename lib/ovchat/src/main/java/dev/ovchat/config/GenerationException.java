package dev.ovchat.config;

import dev.ovchat.message.Visible;

/**
 * Thrown when a model cannot generate as asked; the message gives the value and what is allowed.
 */
public final class GenerationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Takes the message, a whole sentence. */
  public GenerationException(String message) {
    super(Visible.text(message));
  }
}

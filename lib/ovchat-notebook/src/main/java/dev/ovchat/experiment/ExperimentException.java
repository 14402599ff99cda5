package dev.ovchat.experiment;

import dev.ovchat.message.Visible;

/**
 * Thrown when an experiment cannot be made as asked; the message gives the value and says what to
 * do.
 */
public final class ExperimentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExperimentException(String message) {
    super(Visible.text(message));
  }

  ExperimentException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

package dev.ovchat.files;

import dev.ovchat.message.Visible;

/**
 * Thrown when a file of a model is missing, cannot be read, or is not what its name says; the
 * message names it and says what to do.
 */
public final class UnusableFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception for a fault of the file itself. */
  public UnusableFileException(String message) {
    super(Visible.text(message));
  }

  /** Creates the exception for a failure while the file was read. */
  public UnusableFileException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

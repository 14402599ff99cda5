package dev.ovchat.files;

import dev.ovchat.message.Visible;

/**
 * A file of a model is missing, cannot be read, or is not what its name says; the message names it
 * and says what to do.
 */
public final class UnusableFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For what is wrong with the file itself. */
  public UnusableFileException(String message) {
    super(Visible.text(message));
  }

  /** For what was thrown while it was read. */
  public UnusableFileException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

package dev.ovchat.notebook;

/** A value cannot be shown as asked; the message says why, and what to do. */
public final class NotebookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotebookException(String message) {
    super(message);
  }

  NotebookException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.ovchat.notebook;

import dev.ovchat.message.Visible;

/** A value cannot be shown as asked; the message says why, and what to do. */
public final class NotebookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotebookException(String message) {
    super(Visible.text(message));
  }

  NotebookException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

package dev.ovchat.export;

import dev.ovchat.message.Visible;

/** Thrown when an export fails; the message says why and what to do. */
public final class ExportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExportException(String message) {
    super(Visible.text(message));
  }

  ExportException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

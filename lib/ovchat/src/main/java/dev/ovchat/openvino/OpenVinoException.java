package dev.ovchat.openvino;

import dev.ovchat.message.Visible;

/**
 * Thrown when OpenVINO could not do what it was asked; the message says what, why, and what is
 * allowed.
 */
public final class OpenVinoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception, for this package alone. */
  OpenVinoException(String message) {
    super(Visible.text(message));
  }

  OpenVinoException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

package dev.ovchat.checkpoint;

import dev.ovchat.message.Visible;

/** A model directory is not what it has to be; the message names the file and says what to do. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CheckpointException(String message) {
    super(Visible.text(message));
  }

  CheckpointException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

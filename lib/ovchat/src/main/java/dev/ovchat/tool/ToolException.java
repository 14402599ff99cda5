package dev.ovchat.tool;

import dev.ovchat.message.Visible;

/** Thrown when tools cannot be offered as asked; the message says why and what to do. */
public final class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ToolException(String message) {
    super(Visible.text(message));
  }
}

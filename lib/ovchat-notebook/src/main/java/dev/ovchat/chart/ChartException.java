package dev.ovchat.chart;

import dev.ovchat.message.Visible;

/** Thrown when a chart cannot be made or shown as asked; the message says why, and what to do. */
public final class ChartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChartException(String message) {
    super(Visible.text(message));
  }

  ChartException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

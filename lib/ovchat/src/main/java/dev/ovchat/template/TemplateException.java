package dev.ovchat.template;

import dev.ovchat.message.Visible;

/** Thrown when a template cannot be rendered; the message says why, as part of a sentence. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  TemplateException(String message, boolean refusal) {
    super(Visible.text(message));
    this.refusal = refusal;
  }

  TemplateException(String message, Throwable cause) {
    super(Visible.text(message), cause);
    this.refusal = false;
  }

  /**
   * Returns whether the message is the template's own, which it gives with {@code raise_exception}.
   */
  public boolean isRefusal() {
    return refusal;
  }
}

package dev.ovchat.schema;

import dev.ovchat.message.Visible;

/** Thrown when a record has no JSON schema, or JSON is not the record's; the message says why. */
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchemaException(String message) {
    super(Visible.text(message));
  }

  SchemaException(String message, Throwable cause) {
    super(Visible.text(message), cause);
  }
}

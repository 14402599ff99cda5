package dev.ovchat.schema;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Values as texts for a model. */
public final class RecordJson {
  private RecordJson() {}

  /**
   * A value as text: a text as it is, anything else as JSON, records by their components.
   *
   * @throws SchemaException if it has no JSON, such as a value that is inside itself
   */
  public static String of(Object value) {
    if (value instanceof String text) {
      return text;
    }
    try {
      return RecordMapper.text(value);
    } catch (JsonProcessingException e) {
      throw new SchemaException(
          "No JSON can be made of a value of type "
              + value.getClass().getSimpleName()
              + ": "
              + e.getOriginalMessage(),
          e);
    }
  }
}

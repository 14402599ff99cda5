package dev.ovchat.gguf;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Fields of a JSON object in the order in which they are given. {@link Map#of} would order them
 * differently in each process, and two exports of a file would differ.
 */
final class JsonFields {
  private JsonFields() {}

  /**
   * Returns a map that may be changed.
   *
   * @param namesAndValues name, value, name, value and so on
   */
  static Map<String, Object> of(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
    }
    return fields;
  }
}

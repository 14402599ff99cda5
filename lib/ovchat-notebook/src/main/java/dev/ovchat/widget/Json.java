package dev.ovchat.widget;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** JSON objects as maps. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String text(Map<String, ?> object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Maps, lists, texts and numbers can be written as JSON.", e);
    }
  }

  /**
   * Reads a JSON object.
   *
   * @throws IllegalArgumentException if the text is not one
   */
  static Map<String, Object> object(String text) {
    try {
      return MAPPER.readValue(text, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The page sent something that is not a JSON object: " + e.getOriginalMessage() + ".", e);
    }
  }
}

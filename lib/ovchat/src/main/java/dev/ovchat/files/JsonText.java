package dev.ovchat.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/** Values as JSON, for those who pass them on. */
public final class JsonText {
  private static final JsonMapper MAPPER = new JsonMapper();

  private JsonText() {}

  /**
   * A map as a JSON object.
   *
   * @param map its values are texts, numbers, booleans, null, and lists and maps of them
   * @throws IllegalArgumentException if they are something else
   */
  public static String of(Map<String, ?> map) {
    return text(MAPPER.writer(), map);
  }

  /** Same as {@link #of}, for people: each field on a line of its own. */
  public static String inLines(Map<String, ?> map) {
    return text(MAPPER.writerWithDefaultPrettyPrinter(), map);
  }

  private static String text(ObjectWriter writer, Map<String, ?> map) {
    try {
      return writer.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON can be made of " + map + ".", e);
    }
  }
}

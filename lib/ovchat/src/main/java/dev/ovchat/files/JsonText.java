package dev.ovchat.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values as JSON, for those who pass them on; and JSON of ours as values. */
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

  /**
   * A JSON object of ours, such as a resource of a jar: maps, lists, texts, numbers, booleans and
   * null, which may be changed. The fields keep their order. Files of others are read by {@link
   * JsonFile}.
   *
   * @throws IOException if it cannot be read, or is not a JSON object
   */
  public static Map<String, Object> map(InputStream in) throws IOException {
    return MAPPER.readValue(in, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  private static String text(ObjectWriter writer, Map<String, ?> map) {
    try {
      return writer.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON can be made of " + map + ".", e);
    }
  }
}

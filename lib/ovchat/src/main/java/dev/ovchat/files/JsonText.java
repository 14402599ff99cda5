package dev.ovchat.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter.NopIndenter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Values as JSON, for those who pass them on; and JSON of ours and of users as values. */
public final class JsonText {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final ObjectReader EXACT =
      MAPPER.reader(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final PrettyPrinter SPACED =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Spacing.AFTER)
                  .withObjectEntrySpacing(Spacing.AFTER)
                  .withArrayValueSpacing(Spacing.AFTER)
                  .withObjectEmptySeparator("")
                  .withArrayEmptySeparator(""))
          .withObjectIndenter(NopIndenter.instance)
          .withArrayIndenter(NopIndenter.instance);
  private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

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
   * A value as Python's {@code json.dumps} writes it, with a space after each comma and colon: the
   * form that models know from their prompts.
   *
   * @param value a text, number, boolean, null, list or map, as for {@link #of}
   */
  public static String spaced(Object value) {
    return text(MAPPER.writer(SPACED), value);
  }

  /**
   * Writes a map as a JSON object in UTF-8, for people; no text of the whole is made.
   *
   * @param map as for {@link #of}
   */
  public static void write(Map<String, ?> map, OutputStream out) throws IOException {
    MAPPER.writerWithDefaultPrettyPrinter().writeValue(out, map);
  }

  /**
   * A JSON object of ours, such as a resource of a jar: maps, lists, texts, numbers, booleans and
   * null, which may be changed. The fields keep their order. Files of others are read by {@link
   * JsonFile}.
   *
   * @throws IOException if it cannot be read, or is not a JSON object
   */
  public static Map<String, Object> map(InputStream in) throws IOException {
    return MAPPER.readValue(in, MAP);
  }

  /**
   * The same for a text, such as a tool's schema, or a call of it in a model's answer:
   *
   * <pre>{@code
   * JsonText.map("{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}").get("name")   // weather
   * }</pre>
   *
   * @throws IllegalArgumentException if it is not one JSON object; the message says where
   */
  public static Map<String, Object> map(String json) {
    return map(json, MAPPER.reader());
  }

  /** Same as above, with numbers that are no integers as {@link java.math.BigDecimal}. */
  public static Map<String, Object> exactMap(String json) {
    return map(json, EXACT);
  }

  private static Map<String, Object> map(String json, ObjectReader reader) {
    try (JsonParser parser = reader.createParser(json)) {
      Map<String, Object> map = reader.forType(MAP).readValue(parser);
      if (map == null || goesOn(parser)) {
        throw new JsonParseException(parser, "not one object");
      }
      return map;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "This is not a JSON object%s: %s".formatted(place(e.getLocation()), Excerpt.of(json)), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text gives no such errors
    }
  }

  private static String place(JsonLocation location) {
    return location == null
        ? " that can be read, since it is nested too deep"
        : String.format(
            Locale.ROOT,
            ", see line %d, column %d",
            location.getLineNr(),
            Math.max(1, location.getColumnNr())); // an empty text has none
  }

  /**
   * A JSON value at the beginning of a text.
   *
   * @param value a map, list, text, number, boolean or null
   * @param length the number of characters that it takes, with blanks before it
   */
  public record Beginning(Object value, int length) {}

  /**
   * The JSON value that a text begins with, whatever comes after it, such as a call of a tool in a
   * model's answer; empty if it begins with something else, or the value is cut off.
   */
  public static Optional<Beginning> beginning(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      Object value = parser.readValueAs(Object.class);
      long end = parser.currentLocation().getCharOffset();
      return Optional.of(new Beginning(value, Math.toIntExact(end)));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text gives no such errors
    }
  }

  /** Tests whether something comes after the object, be it JSON or not. */
  private static boolean goesOn(JsonParser parser) throws IOException {
    try {
      return parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      return true; // what it is does not matter
    }
  }

  private static String text(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON can be made of " + value + ".", e);
    }
  }
}

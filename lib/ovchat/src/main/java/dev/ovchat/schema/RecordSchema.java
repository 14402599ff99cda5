package dev.ovchat.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonText;
import java.util.Locale;
import java.util.Map;

/**
 * JSON schema of a Java record, and the way back from JSON to the record.
 *
 * <pre>{@code
 * enum Sky { CLEAR, CLOUDY }
 * record Weather(@Description("In degrees Celsius") int temperature, Sky sky, Optional<String> warning) {}
 *
 * var schema = RecordSchema.of(Weather.class);
 * Weather weather = schema.read("{\"temperature\": 22, \"sky\": \"CLEAR\"}");
 * }</pre>
 *
 * <p>Components are texts, booleans, numbers, enums, records, lists, sets and arrays of them, maps
 * with texts as keys, and {@link java.util.Optional}s, which JSON may leave out. All others are
 * required. Records may be nested, and contain themselves. Names are those of the components and of
 * the enums' constants, in the record's order; what annotations of other libraries say is not read.
 * Safe for use by several threads.
 *
 * @param <T> the record
 */
public final class RecordSchema<T extends Record> {
  private final Class<T> type;
  private final Map<String, Object> exact;
  private final Map<String, Object> brief;

  private RecordSchema(Class<T> type) {
    this.type = type;
    this.exact = SchemaRules.exact(type);
    this.brief = SchemaRules.brief(type);
  }

  /**
   * The schema of a record.
   *
   * @throws SchemaException if a component has a type that JSON cannot be read into
   */
  public static <T extends Record> RecordSchema<T> of(Class<T> type) {
    return new RecordSchema<>(type);
  }

  /** The record. */
  public Class<T> type() {
    return type;
  }

  /**
   * The schema, by which each JSON value that is valid can be read, but for what the record's own
   * constructor refuses: objects have no further fields, and integers fit into their type.
   */
  public String json() {
    return JsonText.of(exact);
  }

  /** Same as {@link #json}, as a map that cannot be changed. */
  public Map<String, Object> map() {
    return exact;
  }

  /**
   * The schema as prompts have it, which models know from their training: without the bounds of
   * integers, and without saying that there are no further fields. A map that cannot be changed.
   */
  public Map<String, Object> brief() {
    return brief;
  }

  /**
   * Reads JSON into the record.
   *
   * @throws SchemaException if it is not the record's JSON, or the record's constructor refuses it
   */
  public T read(String json) {
    JsonNode tree;
    try {
      tree = RecordMapper.tree(json);
    } catch (JsonProcessingException e) {
      throw new SchemaException(
          "This is not a %s, since it is not JSON%s: %s"
              .formatted(type.getSimpleName(), place(e.getLocation()), Excerpt.of(json)),
          e);
    }
    return read(tree);
  }

  private static String place(JsonLocation location) {
    return location == null // JSON that is nested too deep
        ? ""
        : String.format(
            Locale.ROOT,
            ", see line %d, column %d",
            location.getLineNr(),
            Math.max(1, location.getColumnNr())); // an empty text has none
  }

  /**
   * Reads values that JSON has, such as the arguments of a tool's call, into the record.
   *
   * @throws SchemaException as {@link #read(String)}
   */
  public T read(Map<String, ?> values) {
    return read(RecordMapper.tree(values));
  }

  private T read(JsonNode tree) {
    try {
      return RecordMapper.value(tree, type);
    } catch (JsonMappingException e) {
      throw new SchemaException(
          "This is not a %s: %s.".formatted(type.getSimpleName(), Mismatch.of(type, tree, e)), e);
    }
  }
}

package dev.ovchat.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;

/** A JSON file of a model; every complaint about it names the file. */
public record JsonFile(Path path, JsonNode root) {
  private static final String AGAIN = " Copy it again from where the model comes from.";

  private static final ObjectReader READER = new ObjectMapper().reader();

  /** A limit far above any real config (1 MB), in bytes. */
  public static final long LARGEST_CONFIG = 10_000_000;

  /** A file without fields, in place of one that is not there. */
  public static JsonFile empty(Path path) {
    return new JsonFile(path, JsonNodeFactory.instance.objectNode());
  }

  /**
   * Values that were read from a file of another format.
   *
   * @param fields texts, numbers, booleans, null, and lists and maps of them
   */
  public static JsonFile of(Path path, Map<String, ?> fields) {
    return new JsonFile(path, new ObjectMapper().valueToTree(fields));
  }

  /** Reads a config, of {@link #LARGEST_CONFIG} at most. */
  public static JsonFile read(Path path) {
    return read(path, LARGEST_CONFIG, AGAIN);
  }

  /**
   * Reads a file that holds one JSON object.
   *
   * @param largest the maximum size in bytes
   * @param remedy the advice about a broken file: a sentence with a space in front
   * @throws UnusableFileException if it is missing, larger, or not one JSON object in UTF-8
   */
  public static JsonFile read(Path path, long largest, String remedy) {
    try (InputStream in = ReadableFile.open(path, largest)) {
      JsonNode tree = parsed(path, in, remedy, READER::readTree);
      JsonNode root = tree == null ? MissingNode.getInstance() : tree;
      if (!root.isObject()) {
        throw new UnusableFileException(
            path + (root.isMissingNode() ? " is empty." : " holds no JSON object.") + remedy);
      }
      return new JsonFile(path, root);
    } catch (CharacterCodingException e) {
      throw new UnusableFileException(path + " is no text in UTF-8." + remedy, e);
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  /**
   * Reads a file to its end and keeps nothing.
   *
   * @throws UnusableFileException if it is not JSON, with the line and column
   */
  public static void requireValid(Path path, long largest, String remedy) throws IOException {
    try (InputStream in = ReadableFile.open(path, largest)) {
      parsed(path, in, remedy, JsonFile::skipped);
    }
  }

  /** Skips a value token by token, so that all rules are applied to it. */
  private static JsonToken skipped(JsonParser parser) throws IOException {
    JsonStreamContext around = parser.getParsingContext();
    do {
      parser.nextToken();
    } while (parser.getParsingContext() != around);
    return parser.currentToken();
  }

  private interface Reading<T> {
    T read(JsonParser parser) throws IOException;
  }

  private static <T> T parsed(Path path, InputStream in, String remedy, Reading<T> reading)
      throws IOException {
    try (JsonParser parser = JsonRules.PYTHON.parser(path, in)) {
      try {
        T value = reading.read(parser);
        if (parser.nextToken() != null) {
          throw new JsonParseException(parser, "something behind the end");
        }
        return value;
      } catch (JsonProcessingException e) {
        throw new UnusableFileException(path + problem(parser, e) + remedy, e);
      }
    }
  }

  /**
   * Description of an error. Jackson's own words speak of Jackson's settings; the position is what
   * helps.
   */
  private static String problem(JsonParser parser, JsonProcessingException e) throws IOException {
    JsonLocation location = e.getLocation();
    if (location == null) { // what is too deep is somewhere in the middle
      return " is not valid JSON.";
    }
    return String.format(
        Locale.ROOT,
        " %s at line %d, column %d.",
        e instanceof JsonEOFException || isAtTheEnd(parser) ? "is cut off" : "is not valid JSON",
        location.getLineNr(),
        location.getColumnNr());
  }

  private static boolean isAtTheEnd(JsonParser parser) throws IOException {
    Reader rest = (Reader) parser.getInputSource(); // null once its end was seen
    return parser.releaseBuffered(Writer.nullWriter()) <= 0 && (rest == null || rest.read() < 0);
  }

  /** The value of a field; empty where it is missing or null. */
  public Optional<JsonNode> value(String field) {
    return Optional.of(root.path(field)).filter(value -> !value.isMissingNode() && !value.isNull());
  }

  /** A whole number; empty where it is missing or null. */
  public OptionalInt integer(String field) {
    return value(field).stream().mapToInt(value -> wholeNumber(field, value)).findFirst();
  }

  /** A number, be it whole or not; empty where it is missing or null. */
  public OptionalDouble number(String field) {
    return value(field).stream()
        .mapToDouble(
            value -> {
              if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                throw wrong(field, "a number", value);
              }
              return value.doubleValue();
            })
        .findFirst();
  }

  /** True or false; {@code otherwise} where it is missing or null. */
  public boolean truth(String field, boolean otherwise) {
    return value(field)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw wrong(field, "true or false", value);
              }
              return value.booleanValue();
            })
        .orElse(otherwise);
  }

  /** An object inside this one; complaints about it name the same file. */
  public Optional<JsonFile> object(String field) {
    return value(field)
        .map(
            value -> {
              if (!value.isObject()) {
                throw wrong(field, "an object", value);
              }
              return new JsonFile(path, value);
            });
  }

  int wholeNumber(String field, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(field, "a whole number", value);
    }
    return value.intValue();
  }

  /**
   * A number of 1 or more.
   *
   * @param names the field's name, and the names that some families of models use instead
   */
  public int size(String... names) {
    for (String name : names) {
      OptionalInt size = integer(name);
      if (size.isPresent() && size.getAsInt() < 1) {
        throw wrong(name, "a number of 1 or more", root.path(name));
      }
      if (size.isPresent()) {
        return size.getAsInt();
      }
    }
    throw new UnusableFileException(path + " lacks the field " + names[0] + ".");
  }

  /**
   * An id, or a list of them, or nothing: HuggingFace writes end tokens in all three ways. As in
   * transformers, those below 0 or far above all ids stand for no token and are left out, and what
   * stands after a point is cut off.
   */
  public List<Integer> tokenIds(String field) {
    JsonNode value = root.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    List<JsonNode> ids =
        value.isArray()
            ? StreamSupport.stream(value.spliterator(), false).toList()
            : List.of(value);
    for (JsonNode id : ids) {
      if (!(id.isNumber() || id.isBoolean()) || !(Math.abs(toNumber(id)) < 0x1p63)) {
        throw wrong(field, "an id or a list of ids", value);
      }
    }
    return ids.stream()
        .map(id -> (long) toNumber(id))
        .filter(id -> id >= 0 && id <= Integer.MAX_VALUE)
        .map(Long::intValue)
        .toList();
  }

  /** The number that Python takes a value for: {@code true} is 1 and {@code false} 0. */
  public static double toNumber(JsonNode value) {
    return value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue();
  }

  /** The whole numbers of an array; {@code field} is its name, for messages. */
  public List<Integer> integers(String field, JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(element -> wholeNumber(field, element))
        .toList();
  }

  /**
   * The fields, each of which holds a text.
   *
   * @return the texts by field, in the file's order
   * @throws UnusableFileException if one holds something else
   */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (var field : root.properties()) {
      if (!field.getValue().isTextual()) {
        throw wrong(field.getKey(), "a text in quotes, such as \"1\",", field.getValue());
      }
      texts.put(field.getKey(), field.getValue().textValue());
    }
    return texts;
  }

  /** A field's text, or that of a number or a truth value. */
  public String text(String field, String otherwise) {
    return root.path(field).asText(otherwise);
  }

  /** The exception for a value that is not {@code wanted}. */
  public UnusableFileException wrong(String field, String wanted, JsonNode value) {
    return new UnusableFileException(
        "%s: %s is not %s but %s.".formatted(path, field, wanted, Excerpt.of(value.toString())));
  }
}

package dev.ovchat.grammar;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonText;
import dev.ovchat.schema.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A rule that an answer follows as a whole: the model chooses among the tokens by which it can go
 * on to such an answer, and ends where one is complete.
 *
 * <pre>{@code
 * config.responseFormat(ResponseFormat.choices(List.of("yes", "no")))
 * config.responseFormat(ResponseFormat.regex("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
 * config.responseFormat(ResponseFormat.jsonSchema("""
 *     {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""))
 * }</pre>
 *
 * <p>An answer that {@code maxNewTokens} cuts off is not complete: its finish reason is {@code
 * LENGTH}. What is wrong with a rule shows when it is first used, before a token is generated.
 */
public sealed class ResponseFormat permits RecordFormat {
  /** A text far above any real one, and soon read. */
  private static final int LONGEST = 1_000_000;

  /** JSON as Python's json.dumps writes it. */
  private static final Map<String, Object> SPACED =
      Map.of("whitespace_flexible", false, "item_separator", ", ", "key_separator", ": ");

  /**
   * Characters that a regular expression cannot have between slashes; an escaped character is one.
   */
  private static final Pattern SLASHES = Pattern.compile("\\\\.|[/\n]", Pattern.DOTALL);

  /** The kinds of rules, with their numbers in lib/grammar. */
  enum Kind {
    JSON_SCHEMA(0, "jsonSchema", "JSON schema"),
    REGEX(1, "regex", "regular expression"),
    LARK(2, "lark", "Lark grammar"),
    CHOICES(3, "choices", "list of choices");

    private final int number;
    private final String field;
    private final String words;

    Kind(int number, String field, String words) {
      this.number = number;
      this.field = field;
      this.words = words;
    }

    /** The kind as lib/grammar knows it. */
    int number() {
      return number;
    }

    /** The kind as a message names it. */
    String words() {
      return words;
    }
  }

  private final Kind kind;
  private final String text;

  ResponseFormat(Kind kind, String text) {
    this.kind = kind;
    this.text = text;
    if (text.length() > LONGEST) {
      throw new GrammarException(
          String.format(
              Locale.ROOT,
              "The %s has %,d characters; it may have %,d.",
              kind.words,
              text.length(),
              LONGEST));
    }
    requireWholeCharacters();
  }

  /**
   * Half a character has no bytes: UTF-8 would write a question mark, which means something else.
   */
  private void requireWholeCharacters() {
    int half = text.codePoints().filter(ResponseFormat::isHalf).findFirst().orElse(0);
    if (half != 0) {
      throw new GrammarException(
          String.format(
              Locale.ROOT,
              "The %s has half of a character, U+%X without its other half; write whole ones.",
              kind.words,
              half));
    }
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /**
   * JSON by a schema, of draft 4 to 2020-12. It is written as Python writes it, with one space
   * after each comma and colon; what the schema has as {@code "x-guidance"} changes that: {@code
   * {"whitespace_flexible": true}} leaves it to the model. A reference stays within the schema:
   * nothing is fetched. Numbers count as they are written: there are some between 1 and
   * 1.0000000000000002, though no double.
   *
   * @param schema the text of the schema
   * @throws GrammarException if it is too long, or has half of a surrogate pair
   */
  public static ResponseFormat jsonSchema(String schema) {
    return new ResponseFormat(Kind.JSON_SCHEMA, schema);
  }

  /**
   * Same as above.
   *
   * @param schema texts, numbers, booleans, null, and lists and maps of them
   * @throws IllegalArgumentException if it holds something else
   * @throws GrammarException as above
   */
  public static ResponseFormat jsonSchema(Map<String, ?> schema) {
    return jsonSchema(JsonText.of(schema));
  }

  /**
   * JSON that is read into a record, by the record's {@link RecordSchema}.
   *
   * @throws dev.ovchat.schema.SchemaException if a component has a type that JSON cannot be read
   *     into
   */
  public static <T extends Record> RecordFormat<T> of(Class<T> type) {
    return new RecordFormat<>(RecordSchema.of(type));
  }

  /** Any JSON object. */
  public static ResponseFormat json() {
    return jsonSchema("{\"type\": \"object\"}");
  }

  /**
   * Texts that a regular expression matches as a whole.
   *
   * @param regex in the syntax of Rust's regex crate: without look-around and back references
   * @throws GrammarException if it is too long, or has half of a surrogate pair
   */
  public static ResponseFormat regex(String regex) {
    return new ResponseFormat(Kind.REGEX, regex);
  }

  /**
   * Texts of a context-free grammar.
   *
   * @param grammar in llguidance's variant of Lark's syntax, which begins with the rule {@code
   *     start}; {@code %json} in it takes a JSON schema, and {@code <name>} a special token
   * @throws GrammarException if it is too long, or has half of a surrogate pair
   */
  public static ResponseFormat lark(String grammar) {
    return new ResponseFormat(Kind.LARK, grammar);
  }

  /**
   * One of some texts.
   *
   * @throws GrammarException if there is none, one is empty, they are too long, or have half of a
   *     surrogate pair
   */
  public static ResponseFormat choices(List<String> choices) {
    if (choices.isEmpty() || choices.contains("")) {
      throw new GrammarException(
          "The choices are %s; there has to be one or more, of one or more characters."
              .formatted(choices));
    }
    return new ResponseFormat(Kind.CHOICES, JsonText.of(Map.of("choices", choices)));
  }

  /**
   * A format of what {@link #asMap()} gives.
   *
   * @param map one field: {@code jsonSchema}, {@code regex}, {@code lark} or {@code choices}
   * @throws GrammarException if it is something else
   */
  public static ResponseFormat of(Map<?, ?> map) {
    for (Kind kind : Kind.values()) {
      if (map.size() == 1 && map.get(kind.field) instanceof String text) {
        return new ResponseFormat(kind, text);
      }
    }
    throw new GrammarException(
        "The response format is %s; it has to have one field, a text, of these: %s."
            .formatted(
                Excerpt.of(String.valueOf(map)),
                Arrays.stream(Kind.values())
                    .map(kind -> kind.field)
                    .collect(Collectors.joining(", "))));
  }

  /** This format as a value that JSON has: its kind, and its text. {@link #of(Map)} reads it. */
  public Map<String, String> asMap() {
    return Map.of(kind.field, text);
  }

  /**
   * The body of a rule in llguidance's Lark that says the same, for a grammar that has more than
   * this format.
   *
   * @throws GrammarException if it is a JSON schema that is not valid JSON, or has a number that
   *     the grammar engine would round
   */
  public String asLarkRule() {
    return switch (kind) {
      case JSON_SCHEMA -> "%json " + spacedSchema();
      case REGEX -> "/" + SLASHES.matcher(text).replaceAll(ResponseFormat::withoutSlash) + "/";
      case LARK -> "%lark {\n" + text + "\n}";
      case CHOICES ->
          ((List<?>) JsonText.map(text).get("choices"))
              .stream().map(JsonText::spaced).collect(Collectors.joining(" | "));
    };
  }

  /** The schema, which says how JSON is spaced, as {@link #jsonSchema(String)} promises it. */
  private String spacedSchema() {
    try {
      Map<String, Object> schema = SupportedSchema.of(text);
      schema.putIfAbsent("x-guidance", SPACED);
      return JsonText.of(schema);
    } catch (IllegalArgumentException e) {
      throw new GrammarException("The JSON schema cannot be read: " + e.getMessage(), e);
    } catch (GrammarException e) {
      throw new GrammarException("The JSON schema cannot be followed: " + e.getMessage() + ".", e);
    }
  }

  /**
   * The text as the grammar engine takes it.
   *
   * @throws GrammarException if it cannot; the message is a part of a sentence
   */
  String supportedText() {
    if (kind != Kind.JSON_SCHEMA) {
      return text;
    }
    try {
      return JsonText.of(SupportedSchema.of(text));
    } catch (IllegalArgumentException e) {
      return text; // no object: the engine says what it is
    }
  }

  /** Between slashes a slash has another name, and so has the end of a line. */
  private static String withoutSlash(MatchResult match) {
    String found = match.group();
    return Matcher.quoteReplacement(
        found.endsWith("/") ? "\\x2F" : found.endsWith("\n") ? "\\n" : found);
  }

  Kind kind() {
    return kind;
  }

  /** The schema, expression or grammar; for choices a JSON object that holds their list. */
  String text() {
    return text;
  }

  /** Formats of the same kind and text are equal, also where one is of a record. */
  @Override
  public final boolean equals(Object other) {
    return other instanceof ResponseFormat format
        && kind == format.kind
        && text.equals(format.text);
  }

  @Override
  public final int hashCode() {
    return text.hashCode();
  }

  /** The kind and the text, for instance {@code regex [0-9]+}. */
  @Override
  public String toString() {
    return kind.field + " " + Excerpt.of(text);
  }
}

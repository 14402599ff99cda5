package dev.ovchat.tool;

import dev.ovchat.files.Excerpt;
import dev.ovchat.schema.RecordSchema;
import dev.ovchat.template.TemplateValues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tool that a model may call: a name, words that say what it does, its arguments as a record, and
 * the function that runs.
 *
 * <pre>{@code
 * record City(@Description("The city's name") String name) {}
 *
 * Tool.of("weather", "The weather of a city", City.class, city -> lookUp(city.name()))
 * Tool.of("weather", "The weather of a city", City.class, this::weather)   // a method
 * Tool.of("weather", "The weather of a city", City.class)                  // the caller runs it
 * }</pre>
 *
 * <p>Immutable; the function is called on a thread of its own.
 */
public final class Tool {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final String name;
  private final String description;
  private final Map<String, Object> exact;
  private final Map<String, Object> brief;
  private final Optional<Body> body;

  /** The function with arguments as JSON has them. */
  @FunctionalInterface
  interface Body {
    Object call(Map<String, Object> arguments) throws Exception;
  }

  private Tool(
      String name,
      String description,
      Map<String, Object> exact,
      Map<String, Object> brief,
      Optional<Body> body) {
    if (!NAME.matcher(name).matches()) {
      throw new ToolException(
          "A tool's name has 1 to 64 letters a to z, digits, _ and -; this one is "
              + Excerpt.of(name)
              + ".");
    }
    this.name = name;
    this.description = Objects.requireNonNull(description, "description");
    this.exact = exact;
    this.brief = brief;
    this.body = body;
  }

  /**
   * A tool that runs a function.
   *
   * @param arguments the record; its schema tells the model what to write
   * @throws ToolException if the name is not one that models can write
   * @throws dev.ovchat.schema.SchemaException if the record has no JSON schema
   */
  public static <T extends Record> Tool of(
      String name, String description, Class<T> arguments, ToolFunction<T> function) {
    var schema = RecordSchema.of(arguments);
    return new Tool(
        name,
        description,
        schema.map(),
        schema.brief(),
        Optional.of(values -> function.call(schema.read(values))));
  }

  /** A tool whose calls the caller answers: a chat hands them on. */
  public static <T extends Record> Tool of(String name, String description, Class<T> arguments) {
    var schema = RecordSchema.of(arguments);
    return new Tool(name, description, schema.map(), schema.brief(), Optional.empty());
  }

  /**
   * A tool whose calls the caller answers, with a JSON schema in place of a record.
   *
   * @param schema the schema of the arguments, which is that of an object
   * @throws dev.ovchat.text.TokenizerException if a value in it has no JSON
   */
  public static Tool of(String name, String description, Map<String, ?> schema) {
    Map<String, Object> copy = TemplateValues.copy("schema", schema);
    return new Tool(name, description, copy, copy, Optional.empty());
  }

  /** The name that a call has. */
  public String name() {
    return name;
  }

  /** The description of what it does, for the model. */
  public String description() {
    return description;
  }

  /** The JSON schema of the arguments, by which a call is held to be right. */
  public Map<String, Object> schema() {
    return exact;
  }

  /** The tool as transformers' templates take it. */
  public Map<String, Object> asMap() {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("description", description);
    function.put("parameters", brief);
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("type", "function");
    tool.put("function", function);
    return tool;
  }

  /** The function; empty where the caller runs it. */
  Optional<Body> body() {
    return body;
  }
}

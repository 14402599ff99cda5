package dev.ovchat.tool;

import dev.ovchat.template.TemplateValues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Call of a tool, which a model asks for in its answer.
 *
 * @param id the text that a result names; null where the call has none. Mistral's templates want
 *     one of 9 letters and digits
 * @param name the tool's name
 * @param arguments the tool's arguments by name: values that JSON has; a copy, in the same order
 */
public record ToolCall(String id, String name, Map<String, Object> arguments) {

  /**
   * Checks the values.
   *
   * @throws dev.ovchat.text.TokenizerException if an argument has no JSON
   */
  public ToolCall {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(arguments, "arguments");
    arguments = TemplateValues.copy("arguments", arguments);
  }

  /**
   * A call without an id.
   *
   * @param arguments the tool's arguments by name: texts, numbers, booleans, null, and lists and
   *     maps of them
   */
  public static ToolCall of(String name, Map<String, ?> arguments) {
    return new ToolCall(null, name, TemplateValues.copy("arguments", arguments));
  }

  /**
   * A call as transformers' conversations have it: a map with {@code function}, whose {@code
   * arguments} are a map.
   *
   * @throws ToolException if it is not one
   */
  @SuppressWarnings("unchecked") // JSON's objects have texts as keys
  public static ToolCall of(Map<?, ?> call) {
    Object function = call.get("function") instanceof Map<?, ?> inner ? inner : call;
    if (function instanceof Map<?, ?> named
        && named.get("name") instanceof String name
        && named.get("arguments") instanceof Map<?, ?> arguments) {
      return new ToolCall(
          call.get("id") instanceof String id ? id : null, name, (Map<String, Object>) arguments);
    }
    throw new ToolException(
        "A call of a tool has a name and arguments; this one has the fields "
            + call.keySet()
            + ".");
  }

  /** A copy with an id. */
  public ToolCall id(String id) {
    return new ToolCall(id, name, arguments);
  }

  /** The call as transformers' conversations have it. */
  public Map<String, Object> asMap() {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("arguments", arguments);
    Map<String, Object> call = new LinkedHashMap<>();
    if (id != null) {
      call.put("id", id);
    }
    call.put("type", "function");
    call.put("function", function);
    return call;
  }
}

package dev.ovchat.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON schemas of calls, made of those of the tools' arguments. What a tool's schema refers to lies
 * inside it; so the schemas of all are put under {@code $defs}, and references lead there.
 */
final class CallSchema {
  private static final String REF = "$ref";
  private static final String DEFS = "$defs";

  private CallSchema() {}

  /**
   * The schema of a call of one of the tools.
   *
   * @param argumentsKey the model's word for the arguments
   */
  static Map<String, Object> anyOf(List<Tool> tools, String argumentsKey) {
    Map<String, Object> definitions = new LinkedHashMap<>();
    List<Object> calls = new ArrayList<>();
    for (Tool tool : tools) {
      definitions.put(tool.name(), moved(tool.schema(), "#/$defs/" + tool.name()));
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("name", Map.of("const", tool.name()));
      properties.put(argumentsKey, Map.of(REF, "#/$defs/" + tool.name()));
      calls.add(object(properties));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("anyOf", calls);
    schema.put(DEFS, definitions);
    return schema;
  }

  /** The schema of a list of one call or more. */
  static Map<String, Object> listOf(Map<String, Object> call) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", Map.of("anyOf", call.get("anyOf")));
    schema.put("minItems", 1);
    schema.put(DEFS, call.get(DEFS));
    return schema;
  }

  /** The schema of each argument of a tool, with all that it may refer to. */
  static Map<String, Map<String, Object>> properties(Tool tool) {
    Map<String, Map<String, Object>> properties = new LinkedHashMap<>();
    map(tool.schema().get("properties"))
        .forEach(
            (name, schema) -> {
              Map<String, Object> whole = new LinkedHashMap<>(map(moved(schema, "#/$defs/all")));
              whole.put(DEFS, Map.of("all", moved(tool.schema(), "#/$defs/all")));
              properties.put(name, whole);
            });
    return properties;
  }

  static boolean isRequired(Tool tool, String property) {
    return tool.schema().get("required") instanceof List<?> list && list.contains(property);
  }

  private static Map<String, Object> object(Map<String, Object> properties) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("properties", properties);
    object.put("required", List.copyOf(properties.keySet()));
    object.put("additionalProperties", false);
    return object;
  }

  @SuppressWarnings("unchecked") // a schema's objects have texts as keys
  private static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** A schema whose references lead to where it was moved. */
  private static Object moved(Object schema, String place) {
    if (schema instanceof List<?> list) {
      return list.stream().map(element -> moved(element, place)).toList();
    }
    if (!(schema instanceof Map<?, ?> map)) {
      return schema;
    }
    Map<Object, Object> copy = new LinkedHashMap<>();
    map.forEach(
        (key, value) ->
            copy.put(
                key,
                REF.equals(key) && value instanceof String ref && ref.startsWith("#")
                    ? place + ref.substring(1)
                    : moved(value, place)));
    return copy;
  }
}

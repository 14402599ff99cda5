package dev.ovchat.tool;

import dev.ovchat.files.JsonText;
import dev.ovchat.text.TokenizerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls as JSON: a name and the arguments, which some models call parameters. */
final class CallJson {
  private static final List<String> ARGUMENTS = List.of("arguments", "parameters");

  private CallJson() {}

  /** The calls of an object or a list of objects; empty if one of them is not a call. */
  static Optional<List<ToolCall>> calls(Object value) {
    List<?> values = value instanceof List<?> list ? list : Collections.singletonList(value);
    List<ToolCall> calls = new ArrayList<>();
    for (Object each : values) {
      Optional<ToolCall> call = call(each);
      if (call.isEmpty()) {
        return Optional.empty();
      }
      calls.add(call.get());
    }
    return calls.isEmpty() ? Optional.empty() : Optional.of(calls);
  }

  private static Optional<ToolCall> call(Object value) {
    if (!(value instanceof Map<?, ?> map) || !(map.get("name") instanceof String name)) {
      return Optional.empty();
    }
    for (String key : ARGUMENTS) {
      Optional<Map<String, Object>> arguments = arguments(map.get(key));
      if (arguments.isPresent()) {
        return call(name, arguments.get(), map.get("id") instanceof String id ? id : null);
      }
    }
    return Optional.empty();
  }

  /** A call; empty if an argument has no place in a template, such as a number of 100 digits. */
  static Optional<ToolCall> call(String name, Map<String, Object> arguments, String id) {
    try {
      return Optional.of(ToolCall.of(name, arguments).id(id));
    } catch (TokenizerException e) {
      return Optional.empty();
    }
  }

  /** Arguments as an object; Granite 4 writes the object as a text. */
  @SuppressWarnings("unchecked") // a JSON object has texts as keys
  private static Optional<Map<String, Object>> arguments(Object value) {
    if (value instanceof String text) {
      return JsonText.beginning(text)
          .map(JsonText.Beginning::value)
          .filter(Map.class::isInstance)
          .map(map -> (Map<String, Object>) map);
    }
    return value instanceof Map<?, ?> map
        ? Optional.of((Map<String, Object>) map)
        : Optional.empty();
  }

  /** A call as models write it. */
  static String write(ToolCall call, String argumentsKey) {
    return JsonText.spaced(map(call, argumentsKey));
  }

  static Map<String, Object> map(ToolCall call, String argumentsKey) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", call.name());
    map.put(argumentsKey, call.arguments());
    return map;
  }
}

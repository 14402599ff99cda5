package dev.ovchat.chat;

import dev.ovchat.template.TemplateValues;
import dev.ovchat.text.TokenizerException;
import dev.ovchat.tool.ToolCall;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Message of one side in a chat.
 *
 * <pre>{@code
 * ChatMessage.user("How warm is it in Paris?")
 * ChatMessage.toolCalls(call).reasoning("I have to look that up.")
 * ChatMessage.tool(call, "22.0")
 * ChatMessage.user("").with("content", List.of(Map.of("type", "text", "text", "Hi")))
 * }</pre>
 *
 * <p>A template sees the fields that were given, by transformers' names, and no others.
 *
 * @param role the sender: {@code system}, {@code user}, {@code assistant}, {@code tool}, or another
 *     that the model's template knows
 * @param content the text; null where the message has none, such as one that calls tools
 * @param fields further fields by the names that templates read, such as {@code tool_calls}, and
 *     {@code content} where it is a list of parts: values that JSON has; a copy, in the same order
 */
public record ChatMessage(String role, String content, Map<String, Object> fields) {
  private static final String ROLE = "role";
  private static final String CONTENT = "content";

  /**
   * Checks the values. A field that is null is left out, as the newer versions of transformers do:
   * many templates fail on it, or write {@code None}.
   *
   * @throws TokenizerException if a field has no JSON, or is there twice
   */
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Map<String, Object> given =
        new LinkedHashMap<>(
            TemplateValues.copy("message", Objects.requireNonNull(fields, "fields")));
    given.values().removeIf(Objects::isNull);
    if (given.containsKey(ROLE) || (content != null && given.containsKey(CONTENT))) {
      throw new TokenizerException(
          "A message has one role and one content; its further fields cannot name them again.");
    }
    if (given.get(CONTENT) instanceof String text) {
      content = text;
      given.remove(CONTENT);
    }
    fields = Collections.unmodifiableMap(given);
  }

  /** A message of a role and a text. */
  public ChatMessage(String role, String content) {
    this(role, Objects.requireNonNull(content, "content"), Map.of());
  }

  /** Instructions for the whole chat. */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /** A question. */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /** An answer of the model. */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }

  /**
   * An answer of the model that calls tools and says nothing; a text beside the calls is added by
   * {@code with("content", text)}.
   */
  public static ChatMessage toolCalls(ToolCall... calls) {
    Object maps = Stream.of(calls).map(ToolCall::asMap).toList();
    return new ChatMessage("assistant", null, Map.of("tool_calls", maps));
  }

  /** The result of a tool, for a call by its name, and its id where it has one. */
  public static ChatMessage tool(ToolCall call, String content) {
    return new ChatMessage("tool", content)
        .with("name", call.name())
        .with("tool_call_id", call.id());
  }

  /**
   * A message as transformers' conversations have it.
   *
   * @param message the fields by name; {@code role} is one of them
   * @throws TokenizerException if there is no role, or a field has no JSON
   */
  public static ChatMessage of(Map<String, ?> message) {
    if (!(message.get(ROLE) instanceof String role)) {
      throw new TokenizerException(
          "A message needs a role, such as user; this one has the fields "
              + message.keySet()
              + ".");
    }
    Map<String, Object> fields = new LinkedHashMap<>(message);
    fields.remove(ROLE);
    return new ChatMessage(role, null, fields);
  }

  /** A copy with what the model thought before it answered, as {@code reasoning_content}. */
  public ChatMessage reasoning(String reasoning) {
    return with("reasoning_content", reasoning);
  }

  /**
   * A copy with another field, or with a field changed.
   *
   * @param field the name that the model's template reads, such as {@code thinking} for gpt-oss
   * @param value a text, number, boolean, list or map; null takes the field out
   * @throws TokenizerException if the value has no JSON
   */
  public ChatMessage with(String field, Object value) {
    Map<String, Object> changed = asMap();
    changed.put(field, value);
    return of(changed);
  }

  /** The message as a template sees it. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(ROLE, role);
    if (content != null) {
      map.put(CONTENT, content);
    }
    map.putAll(fields);
    return map;
  }

  /** The fields that were given, as a record shows them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ChatMessage[");
    asMap().forEach((field, value) -> text.append(field).append('=').append(value).append(", "));
    text.setLength(text.length() - 2);
    return text.append(']').toString();
  }
}

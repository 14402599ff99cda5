package dev.ovchat.tool;

import dev.ovchat.files.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Mistral's calls, of its older models as a list, and of its newer ones as a name and arguments:
 *
 * <pre>{@code
 * [TOOL_CALLS] [{"name": "weather", "arguments": {"city": "Paris"}}]
 * [TOOL_CALLS]weather[ARGS]{"city": "Paris"}
 * }</pre>
 */
final class MistralCalls extends MarkedJson {
  private static final String MARK = "[TOOL_CALLS]";
  private static final String ARGS = "[ARGS]";

  /** A name, and an id where there is one; the mark before the arguments came later. */
  private static final Pattern HEAD =
      Pattern.compile("\\s*([A-Za-z0-9_.-]+)(?:\\[CALL_ID](\\w+))?(?:\\[ARGS])?\\s*");

  private final boolean named;

  /**
   * @param named true for a name and arguments, false for a list
   */
  MistralCalls(boolean named) {
    super(List.of(MARK), true, " ", "");
    this.named = named;
  }

  @Override
  @SuppressWarnings("unchecked") // a JSON object has texts as keys
  Optional<Found> found(String text) {
    Matcher head = HEAD.matcher(text);
    if (!head.lookingAt()) {
      return super.found(text);
    }
    return JsonText.beginning(text.substring(head.end()))
        .filter(json -> json.value() instanceof Map)
        .flatMap(
            json ->
                CallJson.call(head.group(1), (Map<String, Object>) json.value(), head.group(2))
                    .map(call -> new Found(List.of(call), head.end() + json.length())));
  }

  @Override
  public String write(List<ToolCall> calls) {
    if (!named) {
      return super.write(calls).strip();
    }
    return String.join(
        "",
        calls.stream()
            .map(call -> MARK + call.name() + ARGS + JsonText.spaced(call.arguments()))
            .toList());
  }

  @Override
  public List<String> allMarks() {
    return List.of(MARK, "[CALL_ID]", ARGS);
  }

  @Override
  public String calls(CallGrammar grammar) {
    if (!named) {
      return super.calls(grammar);
    }
    String call =
        grammar.either(
            tool ->
                CallGrammar.row(
                    CallGrammar.text(tool.name()),
                    grammar.mark(ARGS),
                    grammar.json(tool.schema())));
    return "%s %s (%s %s)*".formatted(grammar.head(MARK), call, grammar.mark(MARK), call);
  }
}

package dev.ovchat.tool;

import dev.ovchat.files.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Calls in JSON without marks, as Llama 3 writes them; a mark before them, or a block of Markdown
 * around them, may be there:
 *
 * <pre>{@code
 * {"name": "weather", "parameters": {"city": "Paris"}}; {"name": "time", "parameters": {}}
 * }</pre>
 */
final class BareJson implements CallSyntax {
  private static final String SEPARATOR = "; ";

  /** An object, or a list of objects. */
  private static final Pattern BEGINNING = Pattern.compile("(\\[\\s*)?\\{");

  private final Optional<String> mark;
  private final String argumentsKey;

  /**
   * @param mark a mark that may stand before the calls
   * @param argumentsKey the model's word for the arguments
   */
  BareJson(Optional<String> mark, String argumentsKey) {
    this.mark = mark;
    this.argumentsKey = argumentsKey;
  }

  @Override
  public ParsedAnswer parse(String answer) {
    List<ToolCall> calls = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int index = 0;
    while (index < answer.length()) {
      int begin = index;
      Optional<MarkedJson.Found> found =
          BEGINNING.matcher(answer).region(index, answer.length()).lookingAt()
              ? found(answer.substring(index))
              : Optional.empty();
      if (found.isPresent()) {
        calls.addAll(found.get().calls());
        index += found.get().length();
      } else {
        text.append(answer.charAt(begin));
        index++;
      }
    }
    if (calls.isEmpty()) {
      boolean isBegun = mark.isPresent() && answer.contains(mark.get());
      return new ParsedAnswer(
          answer, calls, isBegun ? Optional.of(MarkedJson.problem(answer)) : Optional.empty());
    }
    return new ParsedAnswer(around(text.toString()), calls, Optional.empty());
  }

  private static Optional<MarkedJson.Found> found(String text) {
    return JsonText.beginning(text)
        .flatMap(
            json ->
                CallJson.calls(json.value())
                    .map(calls -> new MarkedJson.Found(calls, json.length())));
  }

  /** The text around calls, without what belongs to them. */
  private String around(String text) {
    String around = mark.map(m -> text.replace(m, "")).orElse(text);
    return around.replaceAll("```(json)?", "").replaceAll("^[;\\s]+|[;\\s]+$", "");
  }

  @Override
  public String write(List<ToolCall> calls) {
    return String.join(
        SEPARATOR, calls.stream().map(call -> CallJson.write(call, argumentsKey)).toList());
  }

  @Override
  public List<String> marks() {
    return mark.stream().toList();
  }

  @Override
  public List<String> allMarks() {
    return marks();
  }

  @Override
  public List<String> beginnings() {
    return List.of("{", "[{", "```json", "```\n{");
  }

  @Override
  public String calls(CallGrammar grammar) {
    String json = grammar.json(grammar.callSchema(argumentsKey));
    String before = mark.map(m -> grammar.mark(m) + "?").orElse("");
    return CallGrammar.row(before, json, "(\"" + SEPARATOR + "\" " + json + ")*");
  }
}

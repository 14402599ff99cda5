package dev.ovchat.tool;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Calls in JSON after a mark:
 *
 * <pre>{@code
 * <tool_call>                                              one object each
 * {"name": "weather", "arguments": {"city": "Paris"}}
 * </tool_call>
 *
 * <|tool_call|>[{"name": "weather", "arguments": {…}}]      a list of all
 * }</pre>
 */
class MarkedJson implements CallSyntax {
  private static final String ARGUMENTS = "arguments";

  private final List<String> opens;
  private final boolean listed;
  private final String blank;
  private final String close;

  /**
   * @param opens the marks at which calls begin, the model's own first
   * @param listed true for a list of all calls after one mark, false for a mark for each call
   * @param blank what stands between the marks and the JSON
   * @param close the mark at the end of the JSON; empty without one
   */
  MarkedJson(List<String> opens, boolean listed, String blank, String close) {
    this.opens = List.copyOf(opens);
    this.listed = listed;
    this.blank = blank;
    this.close = close;
  }

  /** Calls, and how many characters of a text they take. */
  record Found(List<ToolCall> calls, int length) {}

  @Override
  public ParsedAnswer parse(String answer) {
    StringBuilder text = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    int index = 0;
    for (Mark mark = next(answer, 0); mark != null; mark = next(answer, index)) {
      text.append(answer, index, mark.start);
      Optional<Found> found = found(answer.substring(mark.end));
      if (found.isEmpty()) {
        String rest = answer.substring(mark.start);
        return new ParsedAnswer(text + rest, calls, Optional.of(problem(rest)));
      }
      calls.addAll(found.get().calls);
      index = afterClose(answer, mark.end + found.get().length);
    }
    String around = text + answer.substring(index);
    boolean isBetweenCalls = !calls.isEmpty() && around.isBlank();
    return new ParsedAnswer(isBetweenCalls ? "" : around, calls, Optional.empty());
  }

  private record Mark(int start, int end) {}

  /** The first mark from an index on; of those that begin there the longest. */
  private Mark next(String answer, int from) {
    Mark first = null;
    for (String open : opens) {
      int start = answer.indexOf(open, from);
      boolean isBetter =
          first == null
              || start < first.start
              || (start == first.start && start + open.length() > first.end);
      if (start >= 0 && isBetter) {
        first = new Mark(start, start + open.length());
      }
    }
    return first;
  }

  /** The calls that a text begins with, which comes after a mark. */
  Optional<Found> found(String text) {
    return JsonText.beginning(text)
        .flatMap(
            json -> CallJson.calls(json.value()).map(calls -> new Found(calls, json.length())));
  }

  private int afterClose(String answer, int end) {
    int index = end;
    while (index < answer.length() && Character.isWhitespace(answer.charAt(index))) {
      index++;
    }
    return !close.isEmpty() && answer.startsWith(close, index) ? index + close.length() : end;
  }

  static String problem(String call) {
    return "The model began a call of a tool that cannot be read: " + Excerpt.of(call);
  }

  @Override
  public String write(List<ToolCall> calls) {
    if (listed) {
      List<?> maps = calls.stream().map(call -> CallJson.map(call, ARGUMENTS)).toList();
      return opens.get(0) + blank + JsonText.spaced(maps) + blank + close;
    }
    return String.join(
        "\n",
        calls.stream()
            .map(call -> opens.get(0) + blank + CallJson.write(call, ARGUMENTS) + blank + close)
            .toList());
  }

  @Override
  public List<String> marks() {
    return opens;
  }

  @Override
  public List<String> allMarks() {
    return Stream.concat(opens.stream(), Stream.of(close)).filter(mark -> !mark.isEmpty()).toList();
  }

  @Override
  public List<String> beginnings() {
    return List.of();
  }

  @Override
  public String calls(CallGrammar grammar) {
    var schema = grammar.callSchema(ARGUMENTS);
    String json = grammar.json(listed ? CallSchema.listOf(schema) : schema);
    String rest =
        CallGrammar.row(CallGrammar.text(blank), json, close.isEmpty() ? "" : end(grammar));
    String call = CallGrammar.row(grammar.head(opens.get(0)), rest);
    return listed ? call : "%s (\"\\n\" %s %s)*".formatted(call, grammar.mark(opens.get(0)), rest);
  }

  private String end(CallGrammar grammar) {
    return CallGrammar.row(CallGrammar.text(blank), grammar.mark(close));
  }
}

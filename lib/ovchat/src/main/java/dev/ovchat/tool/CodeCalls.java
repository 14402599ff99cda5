package dev.ovchat.tool;

import dev.ovchat.files.JsonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Calls as Python in a block of Markdown, as Gemma writes them:
 *
 * <pre>{@code
 * ```tool_code
 * weather(city="Paris")
 * ```
 * }</pre>
 */
final class CodeCalls implements CallSyntax {
  private static final String OPEN = "```tool_code";
  private static final String CLOSE = "```";

  @Override
  public ParsedAnswer parse(String answer) {
    StringBuilder text = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    int index = 0;
    for (int open = answer.indexOf(OPEN); open >= 0; open = answer.indexOf(OPEN, index)) {
      text.append(answer, index, open);
      int begin = open + OPEN.length();
      int close = answer.indexOf(CLOSE, begin);
      int end = close < 0 ? answer.length() : close;
      Optional<List<ToolCall>> found = PythonCalls.of(answer.substring(begin, end));
      if (found.isEmpty()) {
        String rest = answer.substring(open);
        return new ParsedAnswer(text + rest, calls, Optional.of(MarkedJson.problem(rest)));
      }
      calls.addAll(found.get());
      index = close < 0 ? end : end + CLOSE.length();
    }
    return new ParsedAnswer(text + answer.substring(index), calls, Optional.empty());
  }

  @Override
  public String write(List<ToolCall> calls) {
    return OPEN
        + "\n"
        + calls.stream().map(CodeCalls::write).collect(Collectors.joining("\n"))
        + "\n"
        + CLOSE;
  }

  private static String write(ToolCall call) {
    return call.arguments().entrySet().stream()
        .map(argument -> argument.getKey() + "=" + python(argument.getValue()))
        .collect(Collectors.joining(", ", call.name() + "(", ")"));
  }

  private static String python(Object value) {
    if (value == null) {
      return "None";
    } else if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    } else if (value instanceof List<?> list) {
      return list.stream().map(CodeCalls::python).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> python(entry.getKey()) + ": " + python(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return JsonText.spaced(value);
  }

  @Override
  public List<String> marks() {
    return Collections.singletonList(OPEN);
  }

  @Override
  public List<String> allMarks() {
    return marks();
  }

  @Override
  public List<String> beginnings() {
    return List.of();
  }

  /**
   * {@inheritDoc} JSON's values are Python's but for three words, which are read all the same where
   * they stand inside others.
   */
  @Override
  public String calls(CallGrammar grammar) {
    String call =
        grammar.either(
            tool ->
                CallGrammar.row(
                    CallGrammar.text(tool.name() + "("), arguments(grammar, tool), "\")\""));
    return "%s \"\\n\" %s (\"\\n\" %s)* \"\\n```\"".formatted(grammar.head(OPEN), call, call);
  }

  private static String arguments(CallGrammar grammar, Tool tool) {
    List<String> required = new ArrayList<>();
    List<String> optional = new ArrayList<>();
    CallSchema.properties(tool)
        .forEach(
            (name, schema) -> {
              boolean isTruth = "boolean".equals(schema.get("type"));
              String value = isTruth ? "(\"True\" | \"False\")" : grammar.json(schema);
              String argument = CallGrammar.text(name + "=") + " " + value;
              (CallSchema.isRequired(tool, name) ? required : optional).add(argument);
            });
    String rest = "";
    for (int i = optional.size() - 1; i >= 0; i--) {
      boolean isFirst = required.isEmpty() && i == 0;
      rest = "(" + (isFirst ? "" : "\", \" ") + optional.get(i) + " " + rest + ")?";
    }
    return CallGrammar.row(String.join(" \", \" ", required), rest);
  }
}

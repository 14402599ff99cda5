package dev.ovchat.tool;

import dev.ovchat.files.JsonText;
import dev.ovchat.grammar.ResponseFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A grammar in llguidance's Lark, while it is written: of an answer that is text, or has calls of
 * tools that are right.
 */
final class CallGrammar {
  private final List<Tool> tools;
  private final AnswerForm form;
  private final Function<String, OptionalInt> specialTokens;
  private final StringBuilder rules = new StringBuilder();
  private int names;

  /**
   * @param specialTokens the id of a text that is a special token of the model's
   */
  private CallGrammar(
      List<Tool> tools, AnswerForm form, Function<String, OptionalInt> specialTokens) {
    this.tools = tools;
    this.form = form;
    this.specialTokens = specialTokens;
  }

  /** The grammar of an answer with calls in a syntax. */
  static String of(
      CallSyntax syntax,
      List<Tool> tools,
      AnswerForm form,
      Function<String, OptionalInt> specialTokens) {
    var grammar = new CallGrammar(tools, form, specialTokens);
    String calls = grammar.rule(syntax.calls(grammar));
    String text = syntax.beginnings().isEmpty() ? "TEXT" : "WORDS";
    String said = form.rule().map(grammar::rule).orElse(text);
    return grammar.whole(form.isCall() ? calls : "(" + said + " | " + calls + ")");
  }

  /** The grammar of an answer that calls nothing. */
  static String withoutCalls(AnswerForm form, Function<String, OptionalInt> specialTokens) {
    var grammar = new CallGrammar(List.of(), form, specialTokens);
    return grammar.whole(form.rule().map(grammar::rule).orElse("TEXT"));
  }

  private String whole(String answer) {
    String start = row(thinking(), answer);
    return "start: %s\n%s%s%s"
        .formatted(start, rules, "TEXT: /(.|\\n)*/\n", "WORDS: /[^\\[{\\s](.|\\n)*/\n");
  }

  /**
   * The rule of the thinking before an answer; where its marks are text, free text has it already.
   */
  private String thinking() {
    if (form.thinkingEnd().isEmpty()) {
      return "";
    }
    String end = form.thinkingEnd().get();
    boolean isText = specialTokens.apply(end).isEmpty();
    if (isText && form.isFree()) {
      return "";
    }
    String rest = isText ? lazy(end) : "TEXT " + mark(end);
    String whole = row(form.thinkingMark().map(this::mark).orElse(""), rest, "/\\n*/");
    return form.thinkingMark().isPresent() ? "(" + whole + ")?" : whole;
  }

  /** Text up to a mark, and the mark; the mark alone where the answer may not be any text. */
  String head(String mark) {
    if (!form.isFree()) {
      return mark(mark);
    }
    return specialTokens.apply(mark).isPresent() ? "TEXT " + mark(mark) : lazy(mark);
  }

  private String lazy(String mark) {
    String name = name();
    rules.append("%s[lazy]: TEXT %s\n".formatted(name, text(mark)));
    return name;
  }

  /** A mark of the model's: a special token, or a text. */
  String mark(String mark) {
    OptionalInt id = specialTokens.apply(mark);
    return id.isPresent() ? "<[" + id.getAsInt() + "]>" : text(mark);
  }

  /** A text as it is; nothing if it is empty. */
  static String text(String text) {
    return text.isEmpty() ? "" : JsonText.spaced(text);
  }

  /** Parts that follow one another. */
  static String row(String... parts) {
    return Stream.of(parts).filter(part -> !part.isBlank()).collect(Collectors.joining(" "));
  }

  /**
   * JSON of a schema, spaced as in all response formats, whatever the schema says of that: models
   * know no other form from their prompts.
   */
  String json(Map<String, Object> schema) {
    Map<String, Object> call = new LinkedHashMap<>(schema);
    call.remove("x-guidance");
    return rule(ResponseFormat.jsonSchema(call).asLarkRule());
  }

  /** The schema of a call of one of the tools. */
  Map<String, Object> callSchema(String argumentsKey) {
    return CallSchema.anyOf(tools, argumentsKey);
  }

  /** One of the tools, each written in its way. */
  String either(Function<Tool, String> written) {
    return rule(tools.stream().map(written).collect(Collectors.joining(" | ")));
  }

  private String rule(String body) {
    String name = name();
    rules.append(name).append(": ").append(body).append('\n');
    return name;
  }

  private String name() {
    return "r" + names++;
  }
}

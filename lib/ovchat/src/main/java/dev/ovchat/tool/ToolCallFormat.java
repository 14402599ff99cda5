package dev.ovchat.tool;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Form in which a model writes its calls of tools. Which one it is, its chat template says; one may
 * also be chosen.
 *
 * <pre>{@code
 * ToolCallFormat.HERMES.parse("<tool_call>{\"name\": \"time\", \"arguments\": {}}</tool_call>").calls()
 * }</pre>
 */
public enum ToolCallFormat {
  /** {@code <tool_call>{…}</tool_call>}: Hermes, Qwen 2.5 and 3, SmolLM3, Granite 4. */
  HERMES(new MarkedJson(List.of("<tool_call>"), false, "\n", "</tool_call>")),
  /** <code>{"name": …, "parameters": …}</code>, also after {@code <|python_tag|>}: Llama 3. */
  LLAMA3(new BareJson(Optional.of("<|python_tag|>"), "parameters")),
  /** {@code <|tool_call|>[…]<|/tool_call|>}, also {@code functools[…]}: Phi-4-mini. */
  PHI4_MINI(new MarkedJson(List.of("<|tool_call|>", "functools"), true, "", "<|/tool_call|>")),
  /** {@code [TOOL_CALLS] […]}: Mistral 7B v0.3, Nemo. */
  MISTRAL(new MistralCalls(false)),
  /** {@code [TOOL_CALLS]name[ARGS]{…}}: Mistral Small 3.2, Magistral, Ministral 3. */
  MISTRAL_ARGS(new MistralCalls(true)),
  /** {@code <|tool_call|>[…]}, also {@code <tool_call>[…]}: Granite 3. */
  GRANITE(new MarkedJson(List.of("<|tool_call|>", "<tool_call>"), true, "", "")),
  /** {@code <tool_call>[…]</tool_call>}: SmolLM2. */
  SMOLLM2(new MarkedJson(List.of("<tool_call>"), true, "", "</tool_call>")),
  /** A block of Markdown named {@code tool_code} with a call in Python: Gemma. */
  TOOL_CODE(new CodeCalls()),
  /** <code>{"name": …, "arguments": …}</code> and no marks: where a prompt asks for it. */
  JSON(new BareJson(Optional.empty(), "arguments"));

  @SuppressWarnings("ImmutableEnumChecker") // a syntax holds what it was made with
  private final CallSyntax syntax;

  ToolCallFormat(CallSyntax syntax) {
    this.syntax = syntax;
  }

  /**
   * The form that a chat template tells its model to write. {@link #HERMES} for a template that
   * does not know tools: then the prompt has to describe it.
   *
   * @param template the template's text
   * @return empty if the template knows tools, and none of these forms
   */
  public static Optional<ToolCallFormat> of(String template) {
    return FormatRules.of(template);
  }

  /** Finds the calls in an answer. */
  public ParsedAnswer parse(String answer) {
    return syntax.parse(answer);
  }

  /** The calls as a model writes them. */
  public String write(List<ToolCall> calls) {
    return syntax.write(calls);
  }

  /** Texts at which a call begins, wherever they stand in an answer. */
  public List<String> marks() {
    return syntax.marks();
  }

  /** All marks, also those inside and after calls; in some vocabularies they are special tokens. */
  public List<String> allMarks() {
    return syntax.allMarks();
  }

  /** Texts that an answer begins with where it may be calls alone. */
  public List<String> beginnings() {
    return syntax.beginnings();
  }

  /**
   * A grammar in llguidance's Lark: an answer by it is text, or what the form's rule says, or has
   * calls with names of the tools and arguments by their schemas.
   *
   * @param specialTokens the id of a text that is a special token of the model's; marks are special
   *     tokens in some vocabularies, and text in others
   */
  public String grammar(
      List<Tool> tools, AnswerForm form, Function<String, OptionalInt> specialTokens) {
    return CallGrammar.of(syntax, tools, form, specialTokens);
  }
}

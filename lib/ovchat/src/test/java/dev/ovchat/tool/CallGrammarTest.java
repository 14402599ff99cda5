package dev.ovchat.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.files.JsonText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Grammars of calls, as llguidance reads them. */
class CallGrammarTest {
  record City(String name, Optional<Boolean> wind) {}

  record Node(List<Node> next) {}

  private static final List<Tool> TOOLS =
      List.of(Tool.of("weather", "The weather", City.class), Tool.of("tree", "", Node.class));

  private static final String CALL =
      JsonText.of(
          JsonText.map(
              """
              {"anyOf": [
                {"type": "object", "properties": {"name": {"const": "weather"}, "arguments": {"$ref": "#/$defs/weather"}},
                 "required": ["name", "arguments"], "additionalProperties": false},
                {"type": "object", "properties": {"name": {"const": "tree"}, "arguments": {"$ref": "#/$defs/tree"}},
                 "required": ["name", "arguments"], "additionalProperties": false}],
               "$defs": {
                "weather": {"type": "object", "properties": {"name": {"type": "string"}, "wind": {"type": "boolean"}},
                 "required": ["name"], "additionalProperties": false},
                "tree": {"type": "object", "properties": {"next": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
                 "required": ["next"], "additionalProperties": false}}}
              """));

  /** Without the way in which JSON is spaced, whose order is that of a map. */
  private static String grammar(ToolCallFormat format, AnswerForm form, String special) {
    return format
        .grammar(
            TOOLS, form, mark -> mark.equals(special) ? OptionalInt.of(7) : OptionalInt.empty())
        .replaceAll(",\"x-guidance\":\\{[^}]*}", "");
  }

  @Test
  void anAnswerIsTextOrHasCalls() {
    assertThat(grammar(ToolCallFormat.HERMES, AnswerForm.ANY, ""))
        .isEqualTo(
            """
            start: (TEXT | r2)
            r0: %%json %s
            r1[lazy]: TEXT "<tool_call>"
            r2: r1 "\\n" r0 "\\n" "</tool_call>" ("\\n" "<tool_call>" "\\n" r0 "\\n" "</tool_call>")*
            TEXT: /(.|\\n)*/
            WORDS: /[^\\[{\\s](.|\\n)*/
            """
                .formatted(CALL));
  }

  @Test
  void anAnswerMayHaveToBeCalls() {
    assertThat(grammar(ToolCallFormat.LLAMA3, AnswerForm.CALL, ""))
        .startsWith("start: r1\nr0: %json {\"anyOf\":[{")
        .contains("r1: \"<|python_tag|>\"? r0 (\"; \" r0)*\n")
        .contains("\"parameters\":{\"$ref\":\"#/$defs/weather\"}");
  }

  @Test
  void marksMayBeSpecialTokens() {
    assertThat(grammar(ToolCallFormat.MISTRAL, AnswerForm.ANY, "[TOOL_CALLS]"))
        .contains("r1: TEXT <[7]> \" \" r0\n");
  }

  @Test
  void whatIsThoughtComesBefore() {
    var thinking =
        new AnswerForm(true, Optional.of("<think>"), Optional.of("</think>"), Optional.empty());
    assertThat(grammar(ToolCallFormat.HERMES, thinking, ""))
        .startsWith("start: (\"<think>\" r2 /\\n*/)? r1\n")
        .contains("r2[lazy]: TEXT \"</think>\"\n");
    var open = new AnswerForm(false, Optional.empty(), Optional.of("[/THINK]"), Optional.empty());
    assertThat(grammar(ToolCallFormat.MISTRAL_ARGS, open, "[/THINK]"))
        .startsWith("start: TEXT <[7]> /\\n*/ (TEXT | ");
    // Free text has it already.
    var free =
        new AnswerForm(false, Optional.of("<think>"), Optional.of("</think>"), Optional.empty());
    assertThat(grammar(ToolCallFormat.HERMES, free, "")).startsWith("start: (TEXT | r2)\n");
  }

  @Test
  void anAnswerMayFollowARule() {
    var thinking =
        new AnswerForm(
            false,
            Optional.of("<think>"),
            Optional.of("</think>"),
            Optional.of("\"yes\" | \"no\""));
    assertThat(grammar(ToolCallFormat.HERMES, thinking, ""))
        .startsWith("start: (\"<think>\" r3 /\\n*/)? (r2 | r1)\n")
        .contains("r1: \"<tool_call>\" \"\\n\" r0")
        .contains("r2: \"yes\" | \"no\"\n");
    assertThat(thinking.grammar(mark -> OptionalInt.of(7)))
        .startsWith("start: (<[7]> TEXT <[7]> /\\n*/)? r0\nr0: \"yes\" | \"no\"\n");
  }

  @Test
  void gemmasCallsHaveTheirArgumentsInOrder() {
    assertThat(grammar(ToolCallFormat.TOOL_CODE, AnswerForm.CALL, ""))
        .contains(
            "\"weather(\" \"name=\" r0 (\", \" \"wind=\" (\"True\" | \"False\") )? \")\" | \"tree(\" \"next=\" r1 \")\"\n");
  }
}

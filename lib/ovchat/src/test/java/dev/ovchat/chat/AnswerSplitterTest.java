package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.tool.ParsedAnswer;
import dev.ovchat.tool.ToolCallFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An answer is split the same way however its pieces come. The cases of thinking are those of
 * vLLM's published tests, but for blanks around the thinking, which are the template's.
 */
class AnswerSplitterTest {
  private static final Optional<ThinkingFormat> THINK = Optional.of(ThinkingFormat.THINK);
  private static final Optional<ToolCallFormat> NO_CALLS = Optional.empty();

  /** What came out. */
  private record Split(String thinking, String text, ParsedAnswer answer) {}

  private static Split split(
      Optional<ThinkingFormat> thinking,
      boolean isThinking,
      Optional<ToolCallFormat> calls,
      List<String> pieces) {
    var thought = new StringBuilder();
    var said = new StringBuilder();
    var splitter = new AnswerSplitter(thinking, isThinking, calls, thought::append, said::append);
    pieces.forEach(splitter::push);
    ParsedAnswer answer = splitter.finish();
    assertThat(said.toString()).isEqualTo(answer.text());
    assertThat(thought.toString()).isEqualTo(splitter.thinking());
    return new Split(thought.toString(), said.toString(), answer);
  }

  /** The same, whether the answer comes whole, by letters, or in two pieces cut anywhere. */
  private static Split splitAlways(
      Optional<ThinkingFormat> thinking,
      boolean isThinking,
      Optional<ToolCallFormat> calls,
      String answer) {
    Split whole = split(thinking, isThinking, calls, List.of(answer));
    assertThat(split(thinking, isThinking, calls, Arrays.asList(answer.split(""))))
        .isEqualTo(whole);
    for (int cut = 1; cut < answer.length(); cut++) {
      List<String> two = List.of(answer.substring(0, cut), answer.substring(cut));
      assertThat(split(thinking, isThinking, calls, two)).isEqualTo(whole);
    }
    return whole;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "false ! <think>Hm, so</think>The rest ! Hm, so ! The rest",
        "false ! `<think>\nHm\nso\n</think>\n\nThe rest\nof it` ! `Hm\nso` ! `The rest\nof it`",
        "false ! `\n<think>Hm</think>\nThe rest` ! Hm ! The rest",
        "false ! <think>Hm</think> ! Hm ! ``",
        "false ! <think>Hm ! Hm ! ``",
        "false ! `<think>\n\n</think>\n\nThe rest` ! `` ! The rest",
        "false ! The rest ! `` ! The rest",
        "false ! <thin ice ! `` ! <thin ice",
        "false ! Say <think> and </think>. ! `` ! Say <think> and </think>.",
        "true ! Hm</think>The rest ! Hm ! The rest",
        "true ! Hm</think> ! Hm ! ``",
        "true ! Hm ! Hm ! ``",
        "true ! </think>The rest ! `` ! The rest",
        "true ! Hm < so </thinking ! `Hm < so </thinking` ! ``",
        "true ! Hm</think>a</think>b ! Hm ! a</think>b",
      })
  void thinkingIsApart(boolean isThinking, String answer, String thinking, String text) {
    Split split = splitAlways(THINK, isThinking, NO_CALLS, answer);
    assertThat(split.thinking).isEqualTo(thinking);
    assertThat(split.text).isEqualTo(text);
  }

  @Test
  void otherModelsHaveOtherMarks() {
    Split mistral =
        splitAlways(
            Optional.of(ThinkingFormat.MISTRAL), false, NO_CALLS, "[THINK]Hm\nso[/THINK]The rest");
    assertThat(mistral.thinking).isEqualTo("Hm\nso");
    assertThat(mistral.text).isEqualTo("The rest");
    Split granite =
        splitAlways(
            Optional.of(ThinkingFormat.GRANITE),
            false,
            NO_CALLS,
            "Here is my thought process: Hm. Here is my response: The rest");
    assertThat(granite.thinking).isEqualTo("Hm.");
    assertThat(granite.text).isEqualTo("The rest");
  }

  @Test
  void withoutMarksAllIsText() {
    String answer = " \n<think>Hm</think> <tool_call>{}</tool_call> ";
    Split split = splitAlways(Optional.empty(), false, NO_CALLS, answer);
    assertThat(split.text).isEqualTo(answer);
    assertThat(split.thinking).isEmpty();
    assertThat(split.answer.calls()).isEmpty();
  }

  static Stream<Arguments> answersWithCalls() {
    return Stream.of(
        Arguments.of(
            ToolCallFormat.HERMES,
            "<think>Hm</think>I look.\n<tool_call>\n{\"name\": \"a\", \"arguments\": {}}\n</tool_call>",
            "Hm",
            "I look.\n",
            1),
        Arguments.of(
            ToolCallFormat.HERMES,
            "<tool_call>{\"name\": \"a\", \"arguments\": {}}</tool_call>\n<tool_call>{\"name\": \"b\", \"arguments\": {}}",
            "",
            "",
            2),
        Arguments.of(ToolCallFormat.HERMES, "a <tool_cal b", "", "a <tool_cal b", 0),
        Arguments.of(ToolCallFormat.HERMES, "a <tool_call>{\"na", "", "a <tool_call>{\"na", 0),
        Arguments.of(ToolCallFormat.LLAMA3, " {\"name\": \"a\", \"parameters\": {}}", "", "", 1),
        Arguments.of(ToolCallFormat.LLAMA3, "{\"a\": 1} is JSON.", "", "{\"a\": 1} is JSON.", 0),
        Arguments.of(ToolCallFormat.LLAMA3, " It is {}.", "", " It is {}.", 0),
        Arguments.of(
            ToolCallFormat.JSON,
            "<think>Hm</think>\n```json\n{\"name\": \"a\", \"arguments\": {}}\n```",
            "Hm",
            "",
            1),
        Arguments.of(ToolCallFormat.JSON, "```java\nint a;\n```", "", "```java\nint a;\n```", 0),
        Arguments.of(ToolCallFormat.MISTRAL_ARGS, "Hi[TOOL_CALLS]a[ARGS]{}", "", "Hi", 1));
  }

  @ParameterizedTest
  @MethodSource("answersWithCalls")
  void callsAreHeldBack(
      ToolCallFormat format, String answer, String thinking, String text, int calls) {
    Split split = splitAlways(THINK, false, Optional.of(format), answer);
    assertThat(split.thinking).isEqualTo(thinking);
    assertThat(split.text).isEqualTo(text);
    assertThat(split.answer.calls()).hasSize(calls);
  }

  @Test
  void templatesTellWhereTheirModelThinks() {
    assertThat(ThinkingFormat.of("{{ content.split('</think>') }}")).isEqualTo(THINK);
    assertThat(ThinkingFormat.of("[THINK]x[/THINK]")).contains(ThinkingFormat.MISTRAL);
    assertThat(ThinkingFormat.of("{{ content }}")).isEmpty();
  }
}

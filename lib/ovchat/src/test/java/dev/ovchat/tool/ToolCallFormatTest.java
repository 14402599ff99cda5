package dev.ovchat.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.Golden;
import dev.ovchat.Golden.CallCase;
import dev.ovchat.files.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls as models write them. The cases are those of vLLM's and transformers' published tests of
 * their parsers, with words of our own: what counts as a call there is one here.
 */
class ToolCallFormatTest {

  static Stream<CallCase> writtenByTemplates() {
    return Golden.calls().written().stream();
  }

  @ParameterizedTest
  @MethodSource("writtenByTemplates")
  void whatATemplateWritesIsReadBack(CallCase written) throws IOException {
    try (InputStream in =
        Golden.class.getResourceAsStream("/templates/tools/" + written.template() + ".jinja")) {
      var template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(ToolCallFormat.of(template)).contains(ToolCallFormat.valueOf(written.format()));
    }
    assertThat(requireCalls(written).calls()).isNotEmpty();
  }

  static Stream<CallCase> answers() {
    return Golden.calls().answers().stream();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answersAreReadAsTransformersReadsThem(CallCase answer) {
    assertThat(requireCalls(answer).text().strip()).isEqualTo(answer.text());
  }

  private static ParsedAnswer requireCalls(CallCase golden) {
    ParsedAnswer parsed = ToolCallFormat.valueOf(golden.format()).parse(golden.answer());
    List<Map<String, Object>> calls =
        parsed.calls().stream()
            .map(call -> Map.of("name", call.name(), "arguments", call.arguments()))
            .toList();
    assertThat(calls)
        .containsExactlyElementsOf(golden.calls().stream().map(JsonText::map).toList());
    assertThat(parsed.problem()).isEmpty();
    return parsed;
  }

  /** A case: answer, text, and calls as {@code name{arguments}} one after another. */
  private static Arguments of(ToolCallFormat format, String answer, String text, String... calls) {
    return Arguments.of(format, answer, text, List.of(calls));
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        of(ToolCallFormat.HERMES, "No call at all.", "No call at all."),
        of(
            ToolCallFormat.HERMES,
            "<tool_call>\n{\"name\": \"finish\", \"arguments\": {\"ok\": true}}\n</tool_call>",
            "",
            "finish{\"ok\":true}"),
        of(
            ToolCallFormat.HERMES,
            "<tool_call>\n{\"name\": \"finish\", \"arguments\": {\"ok\": true}}",
            "",
            "finish{\"ok\":true}"),
        of(
            ToolCallFormat.HERMES,
            "I look.<tool_call>{\"name\": \"find\", \"arguments\": {\"q\": \"a\"}}</tool_call>"
                + "<tool_call>{\"name\": \"find\", \"arguments\": {\"q\": \"b\"}}</tool_call>",
            "I look.",
            "find{\"q\":\"a\"}",
            "find{\"q\":\"b\"}"),
        // Granite 4 writes arguments as a text, and text between calls.
        of(
            ToolCallFormat.HERMES,
            "First: <tool_call> {\"name\": \"box\", \"arguments\": \"{\\\"at\\\": [[1.5, 2], [-3, 4]]}\"} </tool_call>"
                + " then: <tool_call> {\"name\": \"price\", \"arguments\": {\"of\": \"X\"}} </tool_call> done.",
            "First:  then:  done.",
            "box{\"at\":[[1.5,2],[-3,4]]}",
            "price{\"of\":\"X\"}"),
        of(
            ToolCallFormat.LLAMA3,
            "{\"name\": \"find\", \"parameters\": {\"q\": \"a b\", \"most\": 10}}",
            "",
            "find{\"q\":\"a b\",\"most\":10}"),
        of(
            ToolCallFormat.LLAMA3,
            "{\"name\": \"find\", \"arguments\": {\"q\": \"a\"}}",
            "",
            "find{\"q\":\"a\"}"),
        of(
            ToolCallFormat.LLAMA3,
            "<|python_tag|>{\"name\": \"find\", \"parameters\": {\"q\": \"a\"}}; {\"name\": \"list\", \"parameters\": {}}"
                + " ; {\"name\": \"find\", \"parameters\": {\"q\": \"b\"}}",
            "",
            "find{\"q\":\"a\"}",
            "list{}",
            "find{\"q\":\"b\"}"),
        of(
            ToolCallFormat.LLAMA3,
            "Here: {\"name\": \"list\", \"parameters\": {}} Shall I go on?",
            "Here:  Shall I go on?",
            "list{}"),
        of(
            ToolCallFormat.LLAMA3,
            "{\"name\": \"find\", \"parameters\": {\"q\": \"a {b} [c]\",\"in\": {\"d\": \"{e}\"}}}",
            "",
            "find{\"q\":\"a {b} [c]\",\"in\":{\"d\":\"{e}\"}}"),
        of(
            ToolCallFormat.LLAMA3,
            "{\"name\": \"say\", \"parameters\": {\"text\": \"He said \\\"Hi {you}\\\"\"}}",
            "",
            "say{\"text\":\"He said \\\"Hi {you}\\\"\"}"),
        of(
            ToolCallFormat.LLAMA3,
            "{\"name\": \"find\", \"parameters\": {\"q\": \"a\"}} I gave {\"q\": \"a\"} and {find}.",
            "I gave {\"q\": \"a\"} and {find}.",
            "find{\"q\":\"a\"}"),
        of(ToolCallFormat.LLAMA3, "{\"parameters\": {}}", "{\"parameters\": {}}"),
        of(ToolCallFormat.LLAMA3, "{\"name\": \"find\"}", "{\"name\": \"find\"}"),
        of(
            ToolCallFormat.LLAMA3,
            "{\"name\": \"find\", \"parameters\": {not json}",
            "{\"name\": \"find\", \"parameters\": {not json}"),
        of(
            ToolCallFormat.PHI4_MINI,
            "functools[{\"name\": \"weather\", \"arguments\": {\"city\": \"Tokyo\"}}]",
            "",
            "weather{\"city\":\"Tokyo\"}"),
        of(
            ToolCallFormat.PHI4_MINI,
            "I look.\n<|tool_call|>[\n  {\"name\": \"weather\", \"arguments\": {\"city\": \"Tokyo\"}},\n"
                + "  {\"name\": \"time\", \"arguments\": {\"zone\": \"Asia/Tokyo\"}}\n]<|/tool_call|>",
            "I look.\n",
            "weather{\"city\":\"Tokyo\"}",
            "time{\"zone\":\"Asia/Tokyo\"}"),
        of(
            ToolCallFormat.MISTRAL,
            "[TOOL_CALLS][{\"name\": \"add\", \"arguments\":{\"a\": 3.5, \"b\": 4}}]",
            "",
            "add{\"a\":3.5,\"b\":4}"),
        of(
            ToolCallFormat.MISTRAL,
            "Hello[TOOL_CALLS] [{\"arguments\":{\"name\": \"Ada\"}, \"name\": \"age\"}]\nmore",
            "Hello\nmore",
            "age{\"name\":\"Ada\"}"),
        of(
            ToolCallFormat.MISTRAL,
            "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": {\"a\": 1}}, {\"name\": \"sub\", \"arguments\":{}}]",
            "",
            "add{\"a\":1}",
            "sub{}"),
        of(
            ToolCallFormat.MISTRAL_ARGS,
            "[TOOL_CALLS]add{\"a\": 3.5, \"b\": 4}[TOOL_CALLS]multiply{\"a\": 3, \"b\": 6}",
            "",
            "add{\"a\":3.5,\"b\":4}",
            "multiply{\"a\":3,\"b\":6}"),
        of(
            ToolCallFormat.MISTRAL_ARGS,
            "[TOOL_CALLS]add_all[CALL_ID]abc123XYZ[ARGS]{\"a\": {\"b\": []}}",
            "",
            "add_all{\"a\":{\"b\":[]}}"),
        of(
            ToolCallFormat.GRANITE,
            "<|tool_call|> [{\"arguments\": {\"city\": \"Tokyo\"}, \"name\": \"weather\"},"
                + " {\"name\": \"time\", \"arguments\": {}}]",
            "",
            "weather{\"city\":\"Tokyo\"}",
            "time{}"),
        of(
            ToolCallFormat.GRANITE,
            "<tool_call> [{\"name\": \"all\", \"arguments\": {\"s\": \"a\\n🎉\", \"i\": 42, \"f\": 3.14, \"b\": true,"
                + " \"n\": null, \"l\": [\"a\"], \"o\": {\"p\": \"C:\\\\x\"}, \"e\": [], \"m\": {}}}]",
            "",
            "all{\"s\":\"a\\n🎉\",\"i\":42,\"f\":3.14,\"b\":true,\"n\":null,\"l\":[\"a\"],\"o\":{\"p\":\"C:\\\\x\"},"
                + "\"e\":[],\"m\":{}}"),
        of(
            ToolCallFormat.SMOLLM2,
            "<tool_call>[{\"name\": \"now\", \"arguments\": {\"zone\": \"UTC\"}}]</tool_call>",
            "",
            "now{\"zone\":\"UTC\"}"),
        of(
            ToolCallFormat.TOOL_CODE,
            "```tool_code\nweather(city=\"Tokyo\", days=3, hot=True, of=['a', 'b'], none=None)\n```",
            "",
            "weather{\"city\":\"Tokyo\",\"days\":3,\"hot\":true,\"of\":[\"a\",\"b\"],\"none\":null}"),
        of(
            ToolCallFormat.TOOL_CODE,
            "I look.\n```tool_code\nprint(weather(city='It\\'s'))\nx = time()\n```\nDone.",
            "I look.\n\nDone.",
            "weather{\"city\":\"It's\"}",
            "time{}"),
        of(
            ToolCallFormat.TOOL_CODE,
            "```tool_code\nrate(of={\"a\": -1.5e3, 'b': {}}, to=(1, 2,),)",
            "",
            "rate{\"of\":{\"a\":-1500.0,\"b\":{}},\"to\":[1,2]}"),
        of(
            ToolCallFormat.JSON,
            "```json\n[{\"name\": \"weather\", \"arguments\": {\"city\": \"Tokyo\"}}]\n```",
            "",
            "weather{\"city\":\"Tokyo\"}"),
        of(ToolCallFormat.JSON, "A list: [1, 2] {\"a\": 1}", "A list: [1, 2] {\"a\": 1}"));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void callsAreFound(ToolCallFormat format, String answer, String text, List<String> calls) {
    ParsedAnswer parsed = format.parse(answer);
    assertThat(parsed.calls().stream().map(c -> c.name() + JsonText.of(c.arguments())))
        .containsExactlyElementsOf(calls);
    assertThat(parsed.text()).isEqualTo(text);
    assertThat(parsed.problem()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '§',
      value = {
        "HERMES ! §<tool_call>\n{\"name\": \"a\", \"arguments\": {\"b\": true}§",
        "HERMES ! <tool_call>{\"name\": \"a\", \"arguments\": \"hello\"}</tool_call>",
        "HERMES ! <tool_call>{\"name\": 5, \"arguments\": {}}</tool_call>",
        "HERMES ! <tool_call>{\"name\": \"a\", \"arguments\": {\"b\": 1e999999}}</tool_call>",
        "PHI4_MINI ! functools[{\"name\": \"a\", \"arguments\": {",
        "PHI4_MINI ! functools[{\"name\": \"a\", \"arguments\": \"b\"}]",
        "PHI4_MINI ! functools{\"name\": \"a\"}",
        "PHI4_MINI ! functools[{\"name\": \"a\"}]",
        "PHI4_MINI ! functools[] and text",
        "PHI4_MINI ! functools[ just text ]",
        "GRANITE ! <|tool_call|> [{\"name\": \"a\", \"arguments\": {",
        "MISTRAL ! [TOOL_CALLS] not json at all",
        "MISTRAL_ARGS ! [TOOL_CALLS]a[ARGS][1]",
        "LLAMA3 ! <|python_tag|>print(1)",
        "TOOL_CODE ! §```tool_code\nimport os\n```§",
        "TOOL_CODE ! §```tool_code\na(b)\n```§",
        "TOOL_CODE ! §```tool_code\na(b=\"c§",
        "TOOL_CODE ! §```tool_code\na(b=1+1)\n```§",
        "TOOL_CODE ! §```tool_code\n```§",
      })
  void callsThatCannotBeReadAreTextAndSaySo(ToolCallFormat format, String answer) {
    ParsedAnswer parsed = format.parse(answer);
    assertThat(parsed.calls()).isEmpty();
    assertThat(parsed.text()).isEqualTo(answer);
    assertThat(parsed.problem().orElseThrow())
        .startsWith("The model began a call of a tool that cannot be read: ");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadBack(ToolCallFormat format) {
    List<ToolCall> calls =
        List.of(
            ToolCall.of(
                "a",
                JsonText.map(
                    "{\"x\": \"é \\\"\\n</b>\", \"y\": [1, 2.5, null], \"z\": {\"t\": true}}")),
            ToolCall.of("b-c_1", Map.of()));
    String written = format.write(calls);
    assertThat(format.parse(written)).isEqualTo(new ParsedAnswer("", calls, Optional.empty()));
    assertThat(Stream.concat(format.marks().stream(), format.beginnings().stream()))
        .anyMatch(written::startsWith);
  }

  @Test
  void callsAreWrittenAsPromptsHaveThem() {
    List<ToolCall> calls = List.of(ToolCall.of("weather", Map.of("city", "Paris")));
    assertThat(ToolCallFormat.HERMES.write(calls))
        .isEqualTo(
            "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>");
    assertThat(ToolCallFormat.LLAMA3.write(calls))
        .isEqualTo("{\"name\": \"weather\", \"parameters\": {\"city\": \"Paris\"}}");
    assertThat(ToolCallFormat.MISTRAL.write(calls))
        .isEqualTo("[TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}]");
    assertThat(ToolCallFormat.MISTRAL_ARGS.write(calls))
        .isEqualTo("[TOOL_CALLS]weather[ARGS]{\"city\": \"Paris\"}");
    assertThat(ToolCallFormat.TOOL_CODE.write(calls))
        .isEqualTo("```tool_code\nweather(city=\"Paris\")\n```");
  }

  @Test
  void deepAnswersAreText() {
    for (ToolCallFormat format : ToolCallFormat.values()) {
      String answer = format.marks().stream().findFirst().orElse("") + "[".repeat(20_000);
      assertThat(format.parse(answer).text()).isEqualTo(answer);
      String code = "```tool_code\na(b=" + "[".repeat(20_000);
      assertThat(format.parse(code).text()).isEqualTo(code);
    }
  }
}

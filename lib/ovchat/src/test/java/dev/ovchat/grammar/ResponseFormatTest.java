package dev.ovchat.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.files.JsonText;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseFormatTest {
  private static final String SCHEMA = "{\"type\":\"integer\"}";

  private static final List<Function<String, ResponseFormat>> KINDS =
      List.of(
          text -> ResponseFormat.jsonSchema("{\"const\": \"" + text + "\"}"),
          text -> ResponseFormat.jsonSchema(Map.of("const", text)),
          ResponseFormat::regex,
          text -> ResponseFormat.lark("start: \"" + text + "\""),
          text -> ResponseFormat.choices(List.of(text)));

  static List<ResponseFormat> formats() {
    return List.of(
        ResponseFormat.jsonSchema(SCHEMA),
        ResponseFormat.json(),
        ResponseFormat.regex("[0-9]+"),
        ResponseFormat.lark("start: \"a\""),
        ResponseFormat.choices(List.of("yes", "no")));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void isAValueThatJsonHas(ResponseFormat format) {
    assertThat(ResponseFormat.of(format.asMap())).isEqualTo(format).hasSameHashCodeAs(format);
    var config = GenerationConfig.defaults().responseFormat(format);
    Map<String, Object> read = JsonText.map(JsonText.of(config.asMap()));
    assertThat(GenerationConfig.of(read)).isEqualTo(config);
    assertThat(config.responseFormat()).contains(format);
    assertThat(config.toString()).contains("responseFormat=").doesNotContain("\n");
  }

  @Test
  void formatsOfOtherKindsOrTextsDiffer() {
    assertThat(formats()).doesNotHaveDuplicates();
    assertThat(ResponseFormat.regex("a")).isNotEqualTo(ResponseFormat.lark("a"));
    assertThat(ResponseFormat.regex("a")).isNotEqualTo(ResponseFormat.regex("b"));
    assertThat(ResponseFormat.jsonSchema(Map.of("type", "integer")))
        .isEqualTo(ResponseFormat.jsonSchema(SCHEMA));
  }

  @Test
  void halfACharacterIsRefused() {
    for (Function<String, ResponseFormat> kind : KINDS) {
      assertThat(kind.apply("a😀")).isNotNull();
      for (String half : List.of("a\uD83D", "\uDE00a")) {
        assertThatThrownBy(() -> kind.apply(half))
            .isInstanceOf(GrammarException.class)
            .hasMessageContaining(
                " has half of a character, U+%X without its other half; write whole ones.",
                (int) half.replace("a", "").charAt(0));
      }
    }
  }

  @Test
  void whatCannotBeAFormatIsRefused() {
    assertThatThrownBy(() -> ResponseFormat.choices(List.of()))
        .isInstanceOf(GrammarException.class)
        .hasMessage("The choices are []; there has to be one or more, of one or more characters.");
    assertThatThrownBy(() -> ResponseFormat.choices(List.of("yes", "")))
        .isInstanceOf(GrammarException.class);
    assertThatThrownBy(() -> ResponseFormat.jsonSchema(" ".repeat(10_000_000)))
        .isInstanceOf(GrammarException.class)
        .hasMessage("The JSON schema has 10,000,000 characters; it may have 1,000,000.");
    assertThatThrownBy(() -> ResponseFormat.of(Map.of("xml", "a")))
        .isInstanceOf(GrammarException.class)
        .hasMessage(
            "The response format is {xml=a}; it has to have one field, a text, of these:"
                + " jsonSchema, regex, lark, choices.");
    assertThatThrownBy(() -> GenerationConfig.of(Map.of("responseFormat", "json")))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "responseFormat is json; it has to be an object with one field, which is jsonSchema,"
                + " regex, lark or choices.");
  }
}

package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.Slow;
import dev.ovchat.text.TokenizerException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools and variables reach a template as they are, or are refused by name. */
class TemplateVariablesTest {
  private static final List<ChatMessage> MESSAGES = List.of(ChatMessage.user("Hi"));
  private static final ChatTemplate VALUE = template("{{ value|tojson }}");

  private static ChatTemplate template(String text) {
    return ChatTemplate.of(text, Map.of("bos_token", "<s>"));
  }

  private static String written(Object value) {
    return VALUE.variable("value", value).render(MESSAGES);
  }

  @Test
  void aTemplateKeepsItsValues() {
    var plain = template("{{ a }}{{ b }}{{ tools|length if tools else 'none' }}");
    Map<String, Object> changing = new HashMap<>(Map.of("x", 1));
    List<Map<String, Object>> tools = new ArrayList<>(List.of(changing));
    var full = plain.variable("a", changing).tools(tools).variable("b", 2);
    changing.put("x", 5);
    tools.clear();
    assertThat(full.render(MESSAGES)).isEqualTo("{'x': 1}21");
    assertThat(full.render(MESSAGES, false)).isEqualTo("{'x': 1}21");
    assertThat(plain.render(MESSAGES)).isEqualTo("none");
  }

  @Test
  void thoseOfACallComeFirst() {
    var full = template("{{ a }}{{ b }}{{ tools }}").variable("a", 1).variable("b", 2);
    assertThat(full.render(MESSAGES, List.of(), Map.of("b", 3))).isEqualTo("13None");
    assertThat(full.render(MESSAGES)).isEqualTo("12None");
    var tool = Map.of("name", "x");
    assertThat(full.render(MESSAGES, List.of(tool), Map.of())).isEqualTo("12[{'name': 'x'}]");
    assertThat(full.tools(List.of(tool)).render(MESSAGES, List.of(), Map.of())).isEqualTo("12None");
  }

  @Test
  void nullIsNone() {
    var template = template("{{ value is defined }} {{ value is none }}");
    assertThat(template.render(MESSAGES)).isEqualTo("False False");
    assertThat(template.variable("value", null).render(MESSAGES)).isEqualTo("True True");
  }

  /** As in transformers, where they overwrite special tokens, and are parameters by their names. */
  @Test
  void mayReplaceSpecialTokensAndTheGenerationPrompt() {
    var template = template("{{ bos_token }}{{ add_generation_prompt }}{{ documents }}");
    assertThat(template.render(MESSAGES)).isEqualTo("<s>TrueNone");
    var other =
        template
            .variable("bos_token", "<b>")
            .variable("add_generation_prompt", false)
            .variable("documents", List.of(Map.of("title", "a")));
    assertThat(other.render(MESSAGES)).isEqualTo("<b>False[{'title': 'a'}]");
    assertThat(other.render(MESSAGES, true)).isEqualTo("<b>True[{'title': 'a'}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"messages", "tools"})
  void mayNotReplaceMessagesAndTools(String name) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> VALUE.variable(name, List.of()))
        .withMessage("%s cannot be a variable: a template has %s of its own.", name, name);
  }

  @Test
  void parametersOfTransformersAreRefused() {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> VALUE.render(MESSAGES, List.of(), Map.of("continue_final_message", true)))
        .withMessage(
            "continue_final_message is a parameter of transformers' apply_chat_template that no"
                + " template sees; it has no effect here.");
  }

  @Test
  void documentsAreMaps() {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> VALUE.variable("documents", "a text"))
        .withMessage("The value at documents is of type String; it has to be a list of maps.");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> VALUE.variable("documents", List.of(Map.of(), "a text")))
        .withMessage("The value at documents[1] is of type String; it has to be a map.");
    assertThat(template("{{ documents }}").variable("documents", null).render(MESSAGES))
        .isEqualTo("None");
  }

  static Stream<Arguments> writable() {
    Map<String, Object> ordered = new LinkedHashMap<>();
    ordered.put("z", null);
    ordered.put("a", List.of());
    ordered.put("é<b>\u0000\u2028😀", Map.of());
    return Stream.of(
        Arguments.of(null, "null"),
        Arguments.of((byte) -1, "-1"),
        Arguments.of((short) 7, "7"),
        Arguments.of(1.0, "1.0"),
        Arguments.of(-0.0, "-0.0"),
        Arguments.of(0.1f, "0.1"),
        Arguments.of(1e20, "1e+20"),
        Arguments.of(Double.MIN_VALUE, "5e-324"),
        Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
        Arguments.of(new BigInteger("18446744073709551615"), "18446744073709551615"),
        Arguments.of(new BigDecimal("5"), "5"),
        Arguments.of(new BigDecimal("5.0"), "5.0"),
        Arguments.of(new BigDecimal("1E+3"), "1000.0"),
        Arguments.of(new BigDecimal("0.1000000000000000000001"), "0.1"),
        Arguments.of(Arrays.asList(true, null, "x"), "[true, null, \"x\"]"),
        Arguments.of(ordered, "{\"z\": null, \"a\": [], \"é<b>\\u0000\u2028😀\": {}}"),
        Arguments.of(
            List.of(Map.of("\u0001__minijinja_ValueHandle", 7)),
            "[{\"\\u0001__minijinja_ValueHandle\": 7}]"),
        Arguments.of("{{ 7 * 7 }}{% raw %}", "\"{{ 7 * 7 }}{% raw %}\""));
  }

  @ParameterizedTest
  @MethodSource("writable")
  void isWrittenAsPythonDoes(Object value, String text) {
    assertThat(written(value)).isEqualTo(text);
  }

  /** A record of users. */
  private record City(String name) {}

  static Stream<Arguments> unwritable() {
    String rule = "it has to be a text, number, boolean, null, list, or map, as JSON has them.";
    return Stream.of(
        Arguments.of(LocalDate.EPOCH, "The value at variables.value is of type LocalDate; " + rule),
        Arguments.of(
            DayOfWeek.FRIDAY, "The value at variables.value is of type DayOfWeek; " + rule),
        Arguments.of(new City("Köln"), "The value at variables.value is of type City; " + rule),
        Arguments.of(new int[] {1}, "The value at variables.value is of type int[]; " + rule),
        Arguments.of(new String[0], "The value at variables.value is of type String[]; " + rule),
        Arguments.of('c', "The value at variables.value is of type Character; " + rule),
        Arguments.of(
            List.of("a", Map.of("b", new TreeSet<>())),
            "The value at variables.value[1].b is of type TreeSet; " + rule),
        Arguments.of(Optional.empty(), "The value at variables.value is of type Optional; " + rule),
        Arguments.of(Double.NaN, "The value at variables.value is NaN; JSON has no such number."),
        Arguments.of(
            List.of(Float.NEGATIVE_INFINITY),
            "The value at variables.value[0] is -Infinity; JSON has no such number."),
        Arguments.of(
            new BigDecimal("1e400"),
            "The value at variables.value is Infinity; JSON has no such number."),
        Arguments.of(
            new BigInteger("18446744073709551616"),
            "The value at variables.value is 18446744073709551616; whole numbers have 64 bits, so"
                + " give it as a text."),
        Arguments.of(
            new AtomicInteger(1),
            "The value at variables.value is 1; it has to be one of Java's own numbers, such as an"
                + " Integer."),
        Arguments.of(Map.of(1, "a"), "A key of variables.value is 1; keys have to be texts."),
        Arguments.of(
            Collections.singletonMap(null, "a"),
            "A key of variables.value is null; keys have to be texts."),
        Arguments.of(
            "a\ud800",
            "The text holds half a character (U+D800 alone); cut texts between characters only."),
        Arguments.of(
            Map.of("\udc00", 1),
            "The text holds half a character (U+DC00 alone); cut texts between characters only."));
  }

  @ParameterizedTest
  @MethodSource("unwritable")
  void isRefusedWithItsPlace(Object value, String message) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> written(value))
        .withMessage(message);
  }

  @Test
  void aToolIsRefusedWithItsPlace() {
    Map<String, Object> bad = Map.of("function", Map.of("since", LocalDate.EPOCH));
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> VALUE.tools(List.of(Map.of(), bad)))
        .withMessageStartingWith("The value at tools[1].function.since is of type LocalDate; ");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> VALUE.render(MESSAGES, Arrays.asList(Map.of(), null), Map.of()))
        .withMessage("The value at tools[1] is null; it has to be a map.");
  }

  @Test
  void mayNotHoldItself() {
    List<Object> endless = new ArrayList<>();
    endless.add(Map.of("again", Arrays.asList(1, endless)));
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> written(endless))
        .withMessage(
            "The value at variables.value[0].again[1] is inside itself, which JSON cannot write.");
    List<Object> shared = List.of(1);
    assertThat(written(List.of(shared, List.of(shared), shared))).isEqualTo("[[1], [[1]], [1]]");
  }

  @Test
  void mayBeNestedALittle() {
    assertThat(written(nested(100))).isEqualTo("[".repeat(100) + "]".repeat(100));
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> written(nested(101)))
        .withMessageStartingWith("The value at variables.value[0][0]")
        .withMessageEndingWith("is nested more than 100 deep, and no template reads so far.");
    assertThatExceptionOfType(TokenizerException.class).isThrownBy(() -> written(nested(100_000)));
  }

  private static List<Object> nested(int depth) {
    List<Object> value = List.of();
    for (int i = 1; i < depth; i++) {
      value = List.of(value);
    }
    return value;
  }

  /** Few lists, each in the next one twice, are many values when they are written. */
  @Test
  void mayNotBecomeEndless() {
    List<Object> value = List.of();
    for (int i = 0; i < 60; i++) {
      value = List.of(value, value);
    }
    List<Object> doubled = value;
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> written(doubled))
        .withMessageStartingWith("There are more than 1,000,000 values, up to the one at ");
  }

  @Slow
  @Test
  void hugeToolsAreWrittenOrRefused() {
    var template = template("{% for tool in tools %}{{ tool.name }}{% endfor %}");
    var tool = Map.of("name", "x", "description", "word ".repeat(200));
    assertThat(template.render(MESSAGES, Collections.nCopies(5_000, tool), Map.of()))
        .isEqualTo("x".repeat(5_000));
    for (int size : new int[] {40_000_000, 80_000_000}) {
      assertThatExceptionOfType(TokenizerException.class)
          .isThrownBy(() -> written("x".repeat(size)))
          .withMessage(
              "The chat template in this text cannot be rendered: it takes more than 64 MB of"
                  + " memory.");
    }
  }
}

package dev.ovchat.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A format that asks for too much is refused in a sentence, or followed all the same; never more.
 */
@Slow
@Timeout(900)
class HostileFormatsTest {
  private static final ResponseFormat PLAIN = ResponseFormat.regex("[a-z]{3}");

  private static Tokenizer tokenizer;
  private static Grammars grammars;
  private static RandomAnswer random;

  @BeforeAll
  static void load() {
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
    grammars = new Grammars(tokenizer, tokenizer.vocabSize());
    int endToken = ModelDirectory.open(DemoModel.DIRECTORY).eosTokenIds().get(0);
    random = new RandomAnswer(tokenizer, grammars, endToken);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static String numbered(int count, String item, String joint) {
    return IntStream.range(0, count)
        .mapToObj(number -> item.replace("#", Integer.toString(number)))
        .collect(Collectors.joining(joint));
  }

  static Stream<ResponseFormat> endless() {
    return Stream.of(
        ResponseFormat.jsonSchema(
            """
            {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}"""),
        ResponseFormat.jsonSchema(
            """
            {"$defs": {"a": {"type": "array", "items": {"$ref": "#/$defs/a"}, "minItems": 1}},
             "$ref": "#/$defs/a"}"""),
        ResponseFormat.lark("start: \"a\" start"),
        ResponseFormat.lark("start: a\na: \"x\" b\nb: \"y\" a"));
  }

  @ParameterizedTest
  @MethodSource("endless")
  void whatNeverComesToAnEndIsRefused(ResponseFormat format) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> random.of(format, 1, 10))
        .withMessageEndingWith(" cannot be followed: no answer by it comes to an end.");
  }

  static Stream<Arguments> formats() {
    return Stream.of(
            "{\"$ref\": \"#\"}",
            "{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}},"
                + " \"$ref\": \"#/$defs/a\"}",
            "{\"allOf\": [{\"$ref\": \"#\"}, {\"$ref\": \"#\"}]}",
            "{\"anyOf\": [{\"$ref\": \"#\"}, {\"type\": \"null\"}]}",
            "{\"type\": [\"string\", \"null\"], \"const\": 5}",
            "{\"type\": \"array\", \"minItems\": 1000000000}",
            "{\"type\": \"string\", \"minLength\": 1000000000}",
            "{\"type\": \"string\", \"maxLength\": 100000000}",
            "{\"type\": \"integer\", \"multipleOf\": 1e-300}",
            "{\"type\": \"number\", \"minimum\": 1e308, \"maximum\": 1.5e308}",
            "{\"enum\": [" + numbered(50_000, "\"value #\"", ",") + "]}",
            "{\"properties\": {" + numbered(5_000, "\"p#\": {\"type\": \"integer\"}", ",") + "}}",
            "{\"allOf\": [" + numbered(500, "{\"properties\": {\"p#\": {}}}", ",") + "]}",
            "{\"anyOf\": [" + numbered(2_000, "{\"required\": [\"p#\"]}", ",") + "]}",
            "{\"patternProperties\": {"
                + numbered(200, "\"^(a|b){#}.*$\": {\"type\": \"integer\"}", ",")
                + "}}",
            "{\"items\":".repeat(20_000) + "{}" + "}".repeat(20_000),
            "[".repeat(400_000),
            "{\"pattern\": \"" + "(".repeat(100_000) + "\"}",
            "{\"type\": \"string\", \"pattern\": \"^(([a-z])+.)+[A-Z]([a-z])+$\"}")
        .map(ResponseFormat::jsonSchema)
        .map(Arguments::of);
  }

  static Stream<Arguments> expressions() {
    return Stream.of(
            "(x+x+)+y",
            "(a|aa)+$",
            "(.*a){60}",
            "([a-z]*[0-9]){1,200}",
            "((a{1,1000}){1,1000}){1,1000}",
            "(a?){5000}a{5000}",
            ".{0,100000}x.{100000}",
            "\\p{L}{500}[^\\p{L}]{500}",
            "(.|..|...|....)*x(.|..|...){30}",
            "(" + numbered(20_000, "word#", "|") + ")*",
            "(".repeat(50_000) + ")".repeat(50_000),
            "a".repeat(500_000))
        .map(ResponseFormat::regex)
        .map(Arguments::of);
  }

  static Stream<Arguments> grammarTexts() {
    return Stream.of(
            "start: start start | \"a\" |",
            "start: a | b\na: b\nb: a | \"x\"",
            "start: (\"a\" | \"a\" \"a\" | \"a\" \"a\" \"a\")*",
            "start: A\nA: B\nB: A",
            "start: /a*/ /a*/ /a*/ /a*/ /a*/ \"b\"",
            "start: %json {\"$ref\": \"http://localhost\"}",
            "start: x~1..100000\nx: \"a\" | \"b\"",
            "start: " + numbered(20_000, "r#", " | ") + "\n" + numbered(20_000, "r#: \"#\"", "\n"),
            "start: " + "(".repeat(50_000),
            numbered(50_000, "r#: \"a\" start", "\n") + "\nstart: \"b\"")
        .map(ResponseFormat::lark)
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource({"formats", "expressions", "grammarTexts"})
  void isFollowedOrRefused(ResponseFormat format) {
    tryOut(format, 1);
    assertThat(random.of(PLAIN, 3, 50).text()).matches("[a-z]{3}");
  }

  private static void tryOut(ResponseFormat format, long seed) {
    long start = System.nanoTime();
    try {
      RandomAnswer.Answer answer = random.of(format, seed, 20);
      assertThat(answer.ids().size()).isLessThanOrEqualTo(20);
    } catch (GrammarException e) {
      assertThat(e.getMessage())
          .matches("The .* (cannot be followed|cannot go on by its .*): .*\\.")
          .hasSizeLessThan(2_000);
    }
    // Two seconds of the processor for the format, and again as much for a machine that is busy.
    assertThat((System.nanoTime() - start) / 1e9).as(format.toString()).isLessThan(15);
  }

  @Test
  void anInterruptEndsTheCompilation() {
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(GrammarException.class)
          .isThrownBy(() -> random.of(ResponseFormat.regex("(.*a){7}"), 1, 10))
          .withMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(random.of(PLAIN, 3, 50).text()).matches("[a-z]{3}");
  }

  @Test
  void anInterruptWaitsForAMask() {
    Thread.currentThread().interrupt();
    try {
      random.of(PLAIN, 4, 50); // is compiled already
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** Formats that were right before some of their characters were changed. */
  @Test
  void anyTextIsFollowedOrRefused() {
    List<ResponseFormat> formats = new ArrayList<>();
    var dice = new Random(5);
    String schema =
        """
        {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "number",
        "minimum": -5.5}, "maxItems": 3}, "b": {"enum": ["x", 1, null]}, "c": {"pattern": "^[a-f]+$"}},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}], "additionalProperties": false}""";
    String grammar =
        "start: \"a\" (b | C)* %json {\"type\": \"integer\"}\nb: /[x-z]{2,4}/ C?\nC: \"c\"~1..3";
    String regex = "([a-z]{2,5}|\\d+(?:\\.\\d*)?)[^\\s]*?(?i)end$";
    for (int round = 0; round < 60; round++) {
      formats.add(ResponseFormat.jsonSchema(changed(schema, dice)));
      formats.add(ResponseFormat.lark(changed(grammar, dice)));
      formats.add(ResponseFormat.regex(changed(regex, dice)));
    }
    formats.forEach(format -> tryOut(format, 9));
  }

  private static String changed(String text, Random dice) {
    var changed = new StringBuilder(text);
    for (int change = 0; change < 1 + dice.nextInt(3); change++) {
      int from = dice.nextInt(changed.length());
      int to = Math.min(changed.length(), from + dice.nextInt(6));
      int other = dice.nextInt(text.length() - 5);
      changed.replace(from, to, text.substring(other, other + dice.nextInt(6)));
    }
    return changed.toString();
  }
}

package dev.ovchat.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.OperatingSystemMXBean;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    long start = processorNanos();
    try {
      RandomAnswer.Answer answer = random.of(format, seed, 20);
      assertThat(answer.ids().size()).isLessThanOrEqualTo(20);
    } catch (GrammarException e) {
      assertThat(e.getMessage())
          .matches("The .* (cannot be followed|cannot go on by its .*): .*\\.")
          .hasSizeLessThan(2_000);
    }
    // Two seconds for the format; as much for the mask, twice; and twice a module that is started.
    assertThat((processorNanos() - start) / 1e9).as(format.toString()).isLessThan(15);
  }

  /** Of all threads: a machine that is busy takes no more of it. */
  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
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

  /** Without the interrupt the format would be refused since it takes longer than two seconds. */
  @Test
  void anInterruptIsHeardDuringTheCompilation() throws InterruptedException {
    ResponseFormat large =
        ResponseFormat.jsonSchema("{\"enum\": [" + numbered(60_000, "\"value #\"", ",") + "]}");
    RandomAnswer.Answer before = random.of(PLAIN, 3, 50); // the module is started
    Thread caller = Thread.currentThread();
    var done = new AtomicBoolean();
    var interrupting =
        new Thread(
            () -> {
              while (!done.get() && !isCompiling()) {
                Thread.onSpinWait();
              }
              caller.interrupt();
            });
    interrupting.start();
    try {
      assertThatExceptionOfType(GrammarException.class)
          .isThrownBy(() -> random.of(large, 1, 10))
          .withMessage("The JSON schema cannot be followed: the thread was interrupted meanwhile.");
    } finally {
      done.set(true);
      assertThat(Thread.interrupted()).isTrue(); // cleared, too, since join would throw
      interrupting.join(TimeUnit.MINUTES.toMillis(1));
    }
    assertThat(random.of(PLAIN, 3, 50)).isEqualTo(before);
  }

  private static boolean isCompiling() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("response format"));
  }

  @Test
  void anInterruptEndsTheStartOfTheModule() {
    var fresh = new Grammars(tokenizer, tokenizer.vocabSize());
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(GrammarException.class)
          .isThrownBy(() -> fresh.rule(PLAIN, List.of(), 1))
          .withMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    try (FormatRule rule = fresh.rule(PLAIN, List.of(), 1)) {
      assertThat(rule.isComplete(TokenIds.of())).isFalse();
    }
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

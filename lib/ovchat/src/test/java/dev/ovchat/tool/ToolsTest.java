package dev.ovchat.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.Moments;
import dev.ovchat.schema.Description;
import dev.ovchat.schema.SchemaException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ToolsTest {
  record City(@Description("The city's name") String name, int days) {}

  record Weather(double degrees, List<String> words) {}

  record Nothing() {}

  record Dated(LocalDate day) {}

  private static final ToolCall PARIS = ToolCall.of("weather", Map.of("name", "Paris", "days", 2));

  private static Tool weather(ToolFunction<City> function) {
    return Tool.of("weather", "The weather of a city", City.class, function);
  }

  private static ToolResult run(ToolFunction<City> function) {
    return Tools.of(weather(function)).timeout(Moments.LONG).run(PARIS);
  }

  @Test
  void aToolGetsItsRecord() {
    ToolResult result = run(city -> city.name() + " in " + city.days());
    assertThat(result.content()).isEqualTo("Paris in 2");
    assertThat(result.failed()).isFalse();
    assertThat(result.call()).isEqualTo(PARIS);
    assertThat(result.time()).isPositive();
  }

  @Test
  void resultsAreTextOrJson() {
    assertThat(run(city -> new Weather(22.5, List.of("é\n"))).content())
        .isEqualTo("{\"degrees\":22.5,\"words\":[\"é\\n\"]}");
    assertThat(run(city -> 3).content()).isEqualTo("3");
    assertThat(run(city -> null).content()).isEqualTo("null");
    assertThat(run(city -> "<html>&amp;</html>").content()).isEqualTo("<html>&amp;</html>");
  }

  @Test
  void templatesGetTheToolAsTransformersWritesIt() {
    assertThat(weather(city -> "").asMap().toString())
        .isEqualTo(
            "{type=function, function={name=weather, description=The weather of a city,"
                + " parameters={type=object, properties={name={type=string, description=The city's"
                + " name}, days={type=integer}}, required=[name, days]}}}");
  }

  @Test
  void whatAToolThrowsIsASentence() {
    assertFailed(
        run(
            city -> {
              throw new IllegalStateException("no network");
            }),
        "Error: IllegalStateException: no network.");
    assertFailed(
        run(
            city -> {
              throw new java.io.IOException();
            }),
        "Error: IOException.");
    assertFailed(run(city -> endless(1)), "Error: StackOverflowError.");
  }

  private static int endless(int count) {
    return count < 0 ? count : count + endless(count + 1);
  }

  private static void assertFailed(ToolResult result, String sentence) {
    assertThat(result.content()).isEqualTo(sentence);
    assertThat(result.failed()).isTrue();
  }

  @Test
  void aResultWithoutJsonIsASentence() {
    List<Object> inside = new ArrayList<>();
    inside.add(inside);
    ToolResult result = run(city -> inside);
    assertThat(result.failed()).isTrue();
    assertThat(result.content())
        .startsWith("Error: No JSON can be made of a value of type ArrayList");
  }

  @Test
  void aToolThatHangsIsInterrupted() throws InterruptedException {
    var interrupted = new CountDownLatch(1);
    Tool hanging =
        weather(
            city -> {
              try {
                Thread.sleep(60_000);
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return "late";
            });
    Tools tools = Tools.of(hanging).timeout(Duration.ofMillis(100));
    assertFailed(tools.run(PARIS), "Error: the tool took longer than 0.1 s.");
    assertThat(interrupted.await(10, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void aToolThatIgnoresInterruptsIsLeftAlone() {
    var goesOn = new AtomicBoolean(true);
    Tool deaf =
        weather(
            city -> {
              while (goesOn.get()) {
                Thread.onSpinWait();
              }
              return "late";
            });
    try {
      assertFailed(
          Tools.of(deaf).timeout(Duration.ofMillis(50)).run(PARIS),
          "Error: the tool took longer than 0.1 s.");
    } finally {
      goesOn.set(false);
    }
  }

  @Test
  void aCallIsCancelledOrInterrupted() {
    Tools tools =
        Tools.of(
            weather(
                city -> {
                  Thread.sleep(60_000);
                  return "";
                }));
    var cancelled = new AtomicBoolean();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> tools.run(PARIS, () -> cancelled.getAndSet(true)));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> tools.run(PARIS));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aToolThatWasInterruptedByItselfHasFailed() {
    assertFailed(
        run(
            city -> {
              throw new InterruptedException("by another");
            }),
        "Error: InterruptedException: by another.");
  }

  @Test
  void aLongResultIsCutOff() {
    ToolResult result = run(city -> "a".repeat(10 << 20));
    assertThat(result.content())
        .hasSizeLessThan(4_100)
        .endsWith("a… (4,000 of 10,485,760 characters)");
    Tools tools = Tools.of(weather(city -> "🎉🎉")).longestResult(3);
    assertThat(tools.run(PARIS).content()).isEqualTo("🎉… (2 of 4 characters)");
  }

  @Test
  void callsThatAreWrongAreSentences() {
    Tools tools = Tools.of(weather(city -> ""), Tool.of("now", "The time", Nothing.class));
    assertFailed(
        tools.run(ToolCall.of("wether", Map.of())),
        "Error: there is no tool wether; there are weather, now.");
    assertFailed(
        tools.run(ToolCall.of("weather", Map.of("name", "Paris", "days", "two"))),
        "Error: This is not a City: days has to be an integer from -2147483648 to 2147483647, and is \"two\".");
    assertFailed(
        tools.run(ToolCall.of("weather", Map.of("name", "Paris"))),
        "Error: This is not a City: days is missing.");
    assertFailed(tools.run(ToolCall.of("now", Map.of())), "Error: nothing runs the tool now here.");
  }

  @Test
  void callsOfToolsWithoutAFunctionAreTheCallers() {
    Tools tools = Tools.of(weather(city -> ""), Tool.of("now", "The time", Nothing.class));
    ToolCall now = ToolCall.of("now", Map.of());
    assertThat(tools.areForCaller(List.of(PARIS))).isFalse();
    assertThat(tools.areForCaller(List.of(PARIS, now))).isTrue();
    assertThat(tools.byCaller().areForCaller(List.of(PARIS))).isTrue();
    assertThat(tools.areForCaller(List.of(ToolCall.of("other", Map.of())))).isFalse();
  }

  @Test
  void toolsThatCannotBeOfferedAreRefused() {
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> Tool.of("the weather", "", City.class, city -> ""))
        .withMessage(
            "A tool's name has 1 to 64 letters a to z, digits, _ and -; this one is the weather.");
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> Tools.of(weather(city -> ""), weather(city -> "")))
        .withMessage("Two tools are named weather; each needs a name of its own.");
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> Tool.of("dated", "", Dated.class));
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> Tools.none().mostRounds(0))
        .withMessage("There has to be a round of calls or more; given are 0.");
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> Tools.none().timeout(Duration.ZERO))
        .withMessage("A call takes time: the timeout is PT0S.");
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> Tools.none().longestResult(0))
        .withMessageStartingWith("A result has to have room");
  }
}

package dev.ovchat.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {

  @Test
  void aTextBecomesAMapInItsOrder() {
    assertThat(JsonText.map(" {\"z\": [1, 2.5, null], \"a\": {\"é\": true}, \"b\": \"x\"}\n"))
        .containsExactly(
            Map.entry("z", Arrays.asList(1, 2.5, null)),
            Map.entry("a", Map.of("é", true)),
            Map.entry("b", "x"));
    assertThat(JsonText.of(JsonText.map("{\"z\": 1, \"a\": [2]}")))
        .isEqualTo("{\"z\":1,\"a\":[2]}");
    assertThat(JsonText.map("{\"a\": []}")).containsExactly(Map.entry("a", List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "{\"a\": ! line 1, column 6: {\"a\":",
        "{\"a\": 1} x ! line 1, column 11: {\"a\": 1} x",
        "{\"a\": 1} {} ! line 1, column 11: {\"a\": 1} {}",
        "[1] ! line 1, column 1: [1]",
        "null ! line 1, column 5: null",
        "{\"a\": NaN} ! line 1, column 10: {\"a\": NaN}",
        "{a: 1} ! line 1, column 2: {a: 1}",
        "`` ! line 1, column 1: ",
      })
  void whatIsNoObjectIsRefused(String text, String end) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonText.map(text))
        .withMessageStartingWith("This is not a JSON object, see " + end);
  }

  @Test
  void anObjectThatIsNestedTooDeepIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonText.map("{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000)))
        .withMessageStartingWith(
            "This is not a JSON object that can be read, since it is nested too deep: {");
  }

  @Test
  void aTextMayBeginWithAValue() {
    assertThat(JsonText.beginning(" {\"a\": [1, {}]} and text").orElseThrow())
        .isEqualTo(new JsonText.Beginning(Map.of("a", List.of(1, Map.of())), 15));
    assertThat(JsonText.beginning("[1]]").orElseThrow().length()).isEqualTo(3);
    assertThat(JsonText.beginning("\"é🎉\" x").orElseThrow().length()).isEqualTo(5);
    for (String text : List.of("", " ", "{\"a\": 1", "text", "[1, ]", "[".repeat(100_000))) {
      assertThat(JsonText.beginning(text)).isEmpty();
    }
  }

  @Test
  void valuesAreWrittenAsPythonWritesThem() {
    assertThat(JsonText.spaced(JsonText.map("{\"a\": [1, {\"b\": {}}, []], \"c\": \"é\\n\"}")))
        .isEqualTo("{\"a\": [1, {\"b\": {}}, []], \"c\": \"é\\n\"}");
  }
}

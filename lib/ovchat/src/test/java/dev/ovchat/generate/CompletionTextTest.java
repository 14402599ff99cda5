package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTextTest {
  private static Tokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static final String TEXT = "One, two, three. Ünï 😀 end";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "two          | One,",
        "three        | One, two,",
        "', t'        | One",
        "😀           | One, two, three. Ünï",
        "n            | O",
        "One          | ''",
        "end          | One, two, three. Ünï 😀",
        "ending       | One, two, three. Ünï 😀 end",
        "thr;e. Ü     | One, two,",
        "threes;hre   | One, two, t",
        "twice;, thr  | One, two",
      })
  void thePiecesAreTheTextBeforeTheFirstStopString(String stops, String expected) {
    List<String> stopStrings = List.of(stops.split(";"));
    var text = new CompletionText(tokenizer, stopStrings);
    StringBuilder told = new StringBuilder();
    for (int id : tokenizer.encode(TEXT, EncodeOptions.defaults()).toArray()) {
      told.append(text.push(id));
    }
    told.append(text.finish());
    assertThat(told.toString().stripTrailing()).isEqualTo(expected);
    int endToken = tokenizer.encode("<|end|>", EncodeOptions.defaults()).get(0);
    text.push(endToken);
    assertThat(text.isStopped()).isEqualTo(stopStrings.stream().anyMatch(TEXT::contains));
  }

  @Test
  void whatMayBecomeAStopStringIsHeldBackUntilItIsDecided() {
    var text = new CompletionText(tokenizer, List.of("aab"));
    List<String> pieces = new ArrayList<>();
    for (int id : tokenizer.encode("xa", EncodeOptions.defaults()).toArray()) {
      pieces.add(text.push(id));
    }
    assertThat(String.join("", pieces)).isEqualTo("x");
    assertThat(text.finish()).isEqualTo("a");
  }

  @Test
  void aCopyGoesOnByItself() {
    int[] ids = tokenizer.encode("xaab", EncodeOptions.defaults()).toArray();
    var text = new CompletionText(tokenizer, List.of("aab"));
    for (int i = 0; i < ids.length - 1; i++) {
      text.push(ids[i]);
    }
    var copy = text.copy();
    copy.push(ids[ids.length - 1]);
    assertThat(copy.isStopped()).isTrue();
    assertThat(text.finish()).isEqualTo("a");
  }
}

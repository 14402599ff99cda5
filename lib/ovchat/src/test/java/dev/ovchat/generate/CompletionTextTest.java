package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.Tokenizer;
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

  /** Keeps the pieces of text. */
  private static final class Pieces implements GenerationListener {
    private final StringBuilder pieces = new StringBuilder();

    @Override
    public void token(int id) {}

    @Override
    public void text(String piece) {
      assertThat(piece).isNotEmpty();
      pieces.append(piece);
    }

    String text() {
      return pieces.toString();
    }
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
    var listener = new Pieces();
    var text = new CompletionText(tokenizer, stopStrings, listener);
    tokenizer.encode(TEXT, EncodeOptions.defaults()).stream().forEach(text::push);
    text.push(tokenizer.encode("<|end|>", EncodeOptions.defaults()).get(0));
    assertThat(text.isStopped()).isEqualTo(stopStrings.stream().anyMatch(TEXT::contains));
    text.end();
    assertThat(listener.text().stripTrailing()).isEqualTo(expected);
  }

  @Test
  void whatMayBecomeAStopStringIsHeldBackUntilItIsDecided() {
    var listener = new Pieces();
    var text = new CompletionText(tokenizer, List.of("aab"), listener);
    tokenizer.encode("xa", EncodeOptions.defaults()).stream().forEach(text::push);
    assertThat(listener.text()).isEqualTo("x");
    text.end();
    assertThat(listener.text()).isEqualTo("xa");
  }

  @Test
  void aCopyGoesOnByItself() {
    int[] ids = tokenizer.encode("xaab", EncodeOptions.defaults()).toArray();
    var listener = new Pieces();
    var text = new CompletionText(tokenizer, List.of("aab"), listener);
    for (int i = 0; i < ids.length - 1; i++) {
      text.push(ids[i]);
    }
    var copy = text.copy();
    copy.push(ids[ids.length - 1]);
    assertThat(copy.isStopped()).isTrue();
    assertThat(text.isStopped()).isFalse();
    text.end();
    assertThat(listener.text()).isEqualTo("xa");
  }
}

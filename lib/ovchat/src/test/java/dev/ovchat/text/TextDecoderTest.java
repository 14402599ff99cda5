package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextDecoderTest extends DemoTokenizerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hello there, this is a text.",
        "  leading and   inner spaces  ",
        "line\n\n  indented\tcode { }",
        "emoji 🙂👩‍👩‍👧 and 日本語, naïve Ünïcödé",
        "<|user|>marks<|end|> between <|assistant|>words"
      })
  void thePiecesJoinedAreTheDecodedText(String text) {
    TokenIds ids = tokenizer.encode(text, PLAIN);
    List<String> pieces = pieces(ids);
    assertThat(String.join("", pieces)).isEqualTo(tokenizer.decode(ids, SKIP));
    assertThat(pieces).noneMatch(piece -> piece.contains("\uFFFD"));
  }

  @Test
  void waitsUntilACharacterIsWhole() {
    TokenIds emoji = tokenizer.encode("🙂", PLAIN);
    assertThat(emoji.size()).isGreaterThan(3);
    List<String> pieces = pieces(emoji);
    assertThat(pieces.stream().filter(piece -> !piece.isEmpty()).collect(Collectors.joining("|")))
        .isEqualTo("🙂");
  }

  @Test
  void theEndGivesOutWhatStayedIncomplete() {
    TokenIds emoji = tokenizer.encode("a🙂", PLAIN);
    TokenIds cut = TokenIds.of(java.util.Arrays.copyOf(emoji.toArray(), emoji.size() - 1));
    assertThat(String.join("", pieces(cut)))
        .isEqualTo(tokenizer.decode(cut, SKIP))
        .endsWith("\uFFFD");
  }

  @Test
  void aLongTextStaysWhole() {
    TokenIds ids = tokenizer.encode("Every word of it counts. ".repeat(200), PLAIN);
    assertThat(String.join("", pieces(ids))).isEqualTo(tokenizer.decode(ids, SKIP));
  }

  @Test
  void aLongRunOfSpecialTokensChangesNothing() {
    TokenIds marks = tokenizer.encode("<|end|>".repeat(50), PLAIN);
    TokenIds text = tokenizer.encode("Two words", PLAIN);
    for (TokenIds ids : List.of(marks.plus(text), text.plus(marks).plus(text))) {
      assertThat(String.join("", pieces(ids))).isEqualTo(tokenizer.decode(ids, SKIP));
    }
  }

  private static List<String> pieces(TokenIds ids) {
    TextDecoder decoder = new TextDecoder(tokenizer, SKIP);
    List<String> pieces = new java.util.ArrayList<>();
    ids.stream().forEach(id -> pieces.add(decoder.push(id)));
    pieces.add(decoder.finish());
    return pieces;
  }
}

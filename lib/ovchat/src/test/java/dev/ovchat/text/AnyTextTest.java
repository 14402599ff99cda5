package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a text holds: it is encoded, or one sentence says why not. */
@Slow
class AnyTextTest {
  private static final EncodeOptions PLAIN = EncodeOptions.defaults().addSpecialTokens(false);
  private static final DecodeOptions KEEP = DecodeOptions.defaults();

  private static final List<String> CHANGED = List.of("<|user|>", "<|end|>", "<s>", "<unk>", "▁");

  private static Tokenizer tokenizer;

  @BeforeContainer
  static void load() {
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
  }

  @AfterContainer
  static void close() {
    tokenizer.close();
  }

  /** Of any UTF-16 units, halves of characters among them, and of what the tokenizer minds. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> units = Arbitraries.strings().all().ofMaxLength(40);
    Arbitrary<String> pieces =
        Arbitraries.of(
            "<|user|>",
            "<|end|>",
            "<s>",
            "<unk>",
            "<0x0A>",
            "▁",
            " ",
            "  ",
            "\n",
            "\0",
            "token",
            "é",
            "e\u0301",
            "😀",
            "\uD83D",
            "\uDE00",
            "\uFFFD",
            "\u200D",
            "日本",
            "\uFEFF");
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, units),
        net.jqwik.api.Tuple.of(2, pieces.list().ofMaxSize(12).map(list -> String.join("", list))));
  }

  @Property(tries = 3000)
  void textComesBackToTheLetter(@ForAll("texts") String text) {
    if (text.codePoints().anyMatch(AnyTextTest::isHalf)) {
      assertThatThrownBy(() -> tokenizer.encode(text, PLAIN))
          .isInstanceOf(TokenizerException.class)
          .hasMessageStartingWith("The text holds half a character (U+");
      return;
    }
    TokenIds ids = tokenizer.encode(text, PLAIN);
    // As with transformers: behind a special token the decoded text has a space more, and the mark
    // that the vocabulary has for a space comes back as one.
    if (CHANGED.stream().noneMatch(text::contains)) {
      assertThat(tokenizer.decode(ids, KEEP)).isEqualTo(text);
    }
  }

  @Property(tries = 1000)
  void thePiecesOfAStreamAreTheText(@ForAll("texts") String text) {
    if (text.codePoints().noneMatch(AnyTextTest::isHalf)) {
      TokenIds ids = tokenizer.encode(text, PLAIN);
      var decoder = new TextDecoder(tokenizer, KEEP);
      var streamed = new StringBuilder();
      ids.stream().forEach(id -> streamed.append(decoder.push(id)));
      streamed.append(decoder.finish());
      assertThat(streamed.toString()).isEqualTo(tokenizer.decode(ids, KEEP));
    }
  }

  /**
   * Mostly those that there are, but for single bytes: those that make up no character are decoded
   * otherwise in a row than one by one.
   */
  @Provide
  Arbitrary<List<Integer>> ids() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                30, Arbitraries.integers().between(0, tokenizer.vocabSize() - 1)),
            net.jqwik.api.Tuple.of(1, Arbitraries.integers()))
        .filter(id -> !isByte(id))
        .list()
        .ofMaxSize(30);
  }

  private boolean isByte(int id) {
    return id >= 0 && id < tokenizer.vocabSize() && tokenizer.token(id).matches("<0x..>");
  }

  @Property(tries = 1000)
  void anyIdsHaveATextOrAreRefused(@ForAll("ids") List<Integer> ids) {
    int most = tokenizer.vocabSize();
    TokenIds sequence = TokenIds.of(ids.stream().mapToInt(Integer::intValue).toArray());
    if (ids.stream().allMatch(id -> id >= 0 && id < most)) {
      var decoder = new TextDecoder(tokenizer, KEEP);
      var streamed = new StringBuilder();
      ids.forEach(id -> streamed.append(decoder.push(id)));
      streamed.append(decoder.finish());
      assertThat(tokenizer.decode(sequence, KEEP)).isEqualTo(streamed.toString());
    } else {
      assertThatThrownBy(() -> tokenizer.decode(sequence, KEEP))
          .isInstanceOf(TokenizerException.class)
          .hasMessageEndingWith("is not in the vocabulary; allowed are 0 to " + (most - 1) + ".");
    }
  }

  private static boolean isHalf(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }
}

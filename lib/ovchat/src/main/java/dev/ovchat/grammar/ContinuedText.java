package dev.ovchat.grammar;

import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Tokens of a text that goes on after another one. Some tokenizers put a space in front of what
 * they encode; so a character that forms no token with others is put there, and taken away again.
 */
final class ContinuedText implements Function<String, int[]> {
  private static final EncodeOptions OPTIONS = EncodeOptions.defaults().addSpecialTokens(false);

  /** Start of text, a control character that nobody writes. */
  private static final String BEFORE = "\u0002";

  private final Tokenizer tokenizer;
  private final TokenIds before;

  ContinuedText(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.before = tokenizer.encode(BEFORE, OPTIONS);
  }

  /** The ids; those of the text alone where the character does form a token. */
  @Override
  public int[] apply(String text) {
    TokenIds ids = tokenizer.encode(BEFORE + text, OPTIONS);
    if (ids.commonPrefix(before) < before.size()) {
      return tokenizer.encode(text, OPTIONS).toArray();
    }
    return Arrays.copyOfRange(ids.toArray(), before.size(), ids.size());
  }
}

package dev.ovchat.grammar;

import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Tokens of a text that goes on after another one. Some tokenizers put a space in front of what
 * they encode; so a character that forms no token with others is put there, and taken away again.
 *
 * <p>A grammar forces the same few texts again and again, such as what is between two fields of
 * JSON, and the tokenizer takes longer than the grammar: so the ids of those are kept.
 */
final class ContinuedText implements Function<String, int[]> {
  private static final EncodeOptions OPTIONS = EncodeOptions.defaults().addSpecialTokens(false);

  /** Start of text, a control character that nobody writes. */
  private static final String BEFORE = "\u0002";

  private static final int LONGEST_KEPT = 64;
  private static final int MOST_KEPT = 256;

  private final Tokenizer tokenizer;
  private final TokenIds before;
  private final Map<String, int[]> kept = new LinkedHashMap<>(16, 0.75f, true);

  ContinuedText(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.before = tokenizer.encode(BEFORE, OPTIONS);
  }

  /**
   * The ids, not to be changed; those of the text alone where the character does form a token. For
   * one thread at a time.
   */
  @Override
  public int[] apply(String text) {
    int[] known = kept.get(text);
    if (known != null) {
      return known;
    }
    int[] ids = encode(text);
    if (text.length() <= LONGEST_KEPT) {
      kept.put(text, ids);
    }
    if (kept.size() > MOST_KEPT) {
      kept.remove(kept.keySet().iterator().next()); // which was used longest ago
    }
    return ids;
  }

  private int[] encode(String text) {
    TokenIds ids = tokenizer.encode(BEFORE + text, OPTIONS);
    if (ids.commonPrefix(before) < before.size()) {
      return tokenizer.encode(text, OPTIONS).toArray();
    }
    return Arrays.copyOfRange(ids.toArray(), before.size(), ids.size());
  }
}

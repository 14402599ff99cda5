package dev.ovchat.grammar;

import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The first token of a completion. Where decoding takes a space from the beginning of a text,
 * {@code ▁yes} stands for the same text there as {@code yes}, and models want the former: so one
 * may come where the other may.
 */
final class FirstToken {
  private static final int NONE = -1;

  private final Tokenizer tokenizer;
  private final int tokens;
  private Map<Integer, Integer> spaced; // by the token without the space; made when it is needed
  private final Map<Integer, Integer> unspaced = new HashMap<>();
  private final BitSet beginWithSpace = new BitSet();
  private int space = NONE;

  /**
   * @param tokens the number of tokens
   */
  FirstToken(Tokenizer tokenizer, int tokens) {
    this.tokenizer = tokenizer;
    this.tokens = tokens;
  }

  /** The tokens that may come first, with a space where they stand for the same text. */
  NextTokens spaced(NextTokens next) {
    if (spaced().isEmpty()) {
      return next;
    } else if (!next.forced().isEmpty()) {
      boolean losesSpace = beginWithSpace.get(next.forced().get(0)) && space != NONE;
      return losesSpace ? NextTokens.forced(withSpace(next.forced())) : next;
    }
    int[] mask = new int[tokens / Integer.SIZE + 1]; // and a bit for the end
    for (int id = 0; id < tokens; id++) {
      if (next.allows(id) && !beginWithSpace.get(id)) {
        allow(mask, id);
      }
      if (next.allows(id) && spaced.containsKey(id)) {
        allow(mask, spaced.get(id));
      }
    }
    if (next.allows(tokens)) {
      allow(mask, tokens);
    }
    return NextTokens.oneOf(mask);
  }

  private static void allow(int[] mask, int id) {
    mask[id / Integer.SIZE] |= 1 << id; // shifts by the id's last five bits
  }

  /** A space is lost at the beginning; so another one comes before it. */
  private int[] withSpace(TokenIds forced) {
    return TokenIds.of(space).plus(forced).toArray();
  }

  /**
   * The tokens that stand for a completion's text: the first one without the space that is lost.
   */
  int[] unspaced(TokenIds completion) {
    int[] ids = completion.toArray();
    if (ids.length == 0 || spaced().isEmpty()) {
      return ids;
    } else if (ids[0] == space) {
      return Arrays.copyOfRange(ids, 1, ids.length);
    }
    ids[0] = unspaced.getOrDefault(ids[0], ids[0]);
    return ids;
  }

  private Map<Integer, Integer> spaced() {
    if (spaced == null) {
      spaced = new HashMap<>();
      pair();
    }
    return spaced;
  }

  private void pair() {
    if (!losesSpaces()) {
      return;
    }
    Map<ByteBuffer, Integer> ids = new HashMap<>();
    for (int id = 0; id < tokens; id++) {
      if (!tokenizer.isSpecial(id)) {
        ids.putIfAbsent(ByteBuffer.wrap(tokenizer.tokenBytes(id)), id);
      }
    }
    for (int id = 0; id < tokens; id++) {
      byte[] bytes = tokenizer.tokenBytes(id);
      boolean begins = beginsWithSpace(id);
      if (bytes.length > 0 && bytes[0] == ' ') {
        beginWithSpace.set(id);
        space = bytes.length == 1 ? id : space;
      }
      Integer other = begins ? ids.get(ByteBuffer.wrap(bytes, 1, bytes.length - 1).slice()) : null;
      if (other != null) {
        spaced.put(other, id);
        unspaced.put(id, other);
      }
    }
  }

  /** Tests a token that begins with a space: what decoding does to it, it does to all others. */
  private boolean losesSpaces() {
    return IntStream.range(0, tokens)
        .filter(this::beginsWithSpace)
        .mapToObj(id -> tokenizer.decode(TokenIds.of(id), DecodeOptions.READABLE))
        .findFirst()
        .filter(text -> !text.startsWith(" "))
        .isPresent();
  }

  private boolean beginsWithSpace(int id) {
    byte[] bytes = tokenizer.tokenBytes(id);
    return bytes.length > 1 && bytes[0] == ' ' && !tokenizer.isSpecial(id);
  }
}

package dev.ovchat.grammar;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;

/** The tokens that may come next: forced ones, or a choice. */
final class NextTokens {
  private static final float RULED_OUT = Float.NEGATIVE_INFINITY;

  private final TokenIds forced;
  private final int[] mask;

  private NextTokens(TokenIds forced, int[] mask) {
    this.forced = forced;
    this.mask = mask;
  }

  /** Tokens that have to come next, one after the other. */
  static NextTokens forced(int[] tokens) {
    return new NextTokens(TokenIds.of(tokens), new int[0]);
  }

  /**
   * A choice.
   *
   * @param mask a bit for each token that may come next, 32 in each number; one bit after the last
   *     token stands for the end
   */
  static NextTokens oneOf(int[] mask) {
    return new NextTokens(TokenIds.of(), mask);
  }

  /**
   * The tokens that may come next after the first ones of the forced tokens; fewer than there are.
   */
  NextTokens after(int tokens) {
    return tokens == 0 ? this : forced(Arrays.copyOfRange(forced.toArray(), tokens, forced.size()));
  }

  /** Rules out all other tokens. */
  void restrict(float[] logits) {
    if (!forced.isEmpty()) {
      float kept = logits[forced.get(0)];
      Arrays.fill(logits, RULED_OUT);
      logits[forced.get(0)] = kept;
      return;
    }
    for (int first = 0; first < logits.length; first += Integer.SIZE) {
      int word = first / Integer.SIZE;
      int end = Math.min(first + Integer.SIZE, logits.length);
      restrict(logits, first, end, word < mask.length ? mask[word] : 0);
    }
  }

  private static void restrict(float[] logits, int first, int end, int bits) {
    if (bits == 0) {
      Arrays.fill(logits, first, end, RULED_OUT);
    } else if (bits != -1) {
      for (int id = first; id < end; id++) {
        if ((bits >>> id & 1) == 0) { // shifts by the id's last five bits
          logits[id] = RULED_OUT;
        }
      }
    }
  }

  /** The tokens that have to come next; empty where there is a choice. */
  TokenIds forced() {
    return forced;
  }

  /** Tests whether a token may come next. */
  boolean allows(int id) {
    if (!forced.isEmpty()) {
      return forced.get(0) == id;
    }
    int word = id / Integer.SIZE;
    return word < mask.length && (mask[word] >>> id & 1) == 1; // shifts by the id's last five bits
  }

  /** Tests whether nothing but the end may come next. */
  boolean isEnd(int end) {
    if (!allows(end)) {
      return false;
    }
    int allowed = 0;
    for (int bits : mask) {
      allowed += Integer.bitCount(bits);
    }
    return allowed == 1;
  }
}

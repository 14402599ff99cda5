package dev.ovchat.cache;

import java.util.Arrays;

/** Which slots of one row of the KV cache hold a token that counts. */
final class CacheRow {
  private long[] mask;
  private int length;

  CacheRow() {
    this(new long[256], 0);
  }

  private CacheRow(long[] mask, int length) {
    this.mask = mask;
    this.length = length;
  }

  CacheRow copy() {
    return new CacheRow(mask.clone(), length);
  }

  /** How many tokens count: the position of the next one. */
  int length() {
    return length;
  }

  /** 1 for each slot that counts, 0 for each that is dead; longer than there are slots. */
  long[] mask() {
    return mask;
  }

  /**
   * Takes more slots.
   *
   * @param padding how many dead ones
   * @param tokens how many that count, after them
   * @param slots how many there are already
   */
  void append(int padding, int tokens, int slots) {
    int end = slots + padding + tokens;
    if (end > mask.length) {
      mask = Arrays.copyOf(mask, Math.max(end, 2 * mask.length));
    }
    Arrays.fill(mask, slots, slots + padding, 0);
    Arrays.fill(mask, slots + padding, end, 1);
    length += tokens;
  }

  /**
   * Makes the slots of the last tokens dead.
   *
   * @param slots how many there are
   * @return the first of those slots
   */
  int rollBack(int tokens, int slots) {
    int slot = slots;
    for (int left = tokens; left > 0; ) {
      slot--;
      left -= (int) mask[slot];
      mask[slot] = 0;
    }
    length -= tokens;
    return slot;
  }
}

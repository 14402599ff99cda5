package dev.ovchat.cache;

import java.util.Arrays;

/**
 * Attention mask of one row of the KV cache: the cache positions that hold a token that is not
 * masked.
 */
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

  /** Number of unmasked tokens: the position of the next one. */
  int length() {
    return length;
  }

  /**
   * The mask: 1 for each cache position that is not masked, 0 for each that is; longer than the
   * row.
   */
  long[] mask() {
    return mask;
  }

  /**
   * Takes more cache positions.
   *
   * @param padding the number of masked ones
   * @param tokens the number of unmasked ones, after them
   * @param positions the number of cache positions that there are already
   */
  void append(int padding, int tokens, int positions) {
    int end = positions + padding + tokens;
    if (end > mask.length) {
      mask = Arrays.copyOf(mask, Math.max(end, 2 * mask.length));
    }
    Arrays.fill(mask, positions, positions + padding, 0);
    Arrays.fill(mask, positions + padding, end, 1);
    length += tokens;
  }

  /**
   * Masks the cache positions of the last tokens.
   *
   * @param positions the number of cache positions that there are
   * @return the first of the masked positions
   */
  int rollBack(int tokens, int positions) {
    int position = positions;
    for (int left = tokens; left > 0; ) {
      position--;
      left -= (int) mask[position];
      mask[position] = 0;
    }
    length -= tokens;
    return position;
  }
}

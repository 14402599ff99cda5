package dev.ovchat.sampling;

import java.util.Arrays;

/**
 * Tokens in the order of a value that each has: the lowest first, and of equal ones the one that
 * was added first, as a stable sort in torch leaves them. The memory is kept from one use to the
 * next; Java's own sort would take new memory each time, on some JDKs.
 */
public final class TokenSorter {
  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private final int[] starts = new int[DIGITS + 1];

  /** A value in the upper half, as a number that sorts like it, and the token's id in the lower. */
  private long[] tokens = {};

  private long[] sorted = {};
  private int size;

  /** Forgets all tokens and takes room for as many. */
  public void clear(int room) {
    if (tokens.length < room) {
      tokens = new long[room];
      sorted = new long[room];
    }
    size = 0;
  }

  /** Adds a token. */
  public void add(int id, float value) {
    // Adding 0 makes 0 of -0.
    int bits = Float.floatToRawIntBits(value + 0f);
    int sortable = bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
    tokens[size++] = (long) sortable << Integer.SIZE | id;
  }

  /** Sorts by one digit of the values after the other, from the lowest to the highest. */
  public void sort() {
    for (int shift = Integer.SIZE; shift < Long.SIZE; shift += DIGIT_BITS) {
      Arrays.fill(starts, 0);
      for (int i = 0; i < size; i++) {
        starts[digit(tokens[i], shift) + 1]++;
      }
      for (int digit = 0; digit < DIGITS; digit++) {
        starts[digit + 1] += starts[digit];
      }
      for (int i = 0; i < size; i++) {
        sorted[starts[digit(tokens[i], shift)]++] = tokens[i];
      }
      long[] spare = tokens;
      tokens = sorted;
      sorted = spare;
    }
  }

  private static int digit(long token, int shift) {
    return (int) (token >>> shift) & (DIGITS - 1);
  }

  int size() {
    return size;
  }

  /** The id of the token at a rank, from 0. */
  public int id(int index) {
    return (int) tokens[index];
  }
}

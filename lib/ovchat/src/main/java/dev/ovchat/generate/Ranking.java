package dev.ovchat.generate;

import java.util.Arrays;

/**
 * Tokens in the order of a value that each has: the lowest first, and of equal ones the lower id
 * first, as torch's sort on the CPU leaves them. The memory is kept from one use to the next.
 */
final class Ranking {
  /** A value in the upper half, as a number that sorts like it, and the token's id in the lower. */
  private long[] tokens = {};

  private int size;

  /** Forgets all tokens and takes room for as many. */
  void clear(int room) {
    if (tokens.length < room) {
      tokens = new long[room];
    }
    size = 0;
  }

  void add(int id, float value) {
    // Adding 0 makes 0 of -0.
    int bits = Float.floatToRawIntBits(value + 0f);
    int sortable = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    tokens[size++] = (long) sortable << Integer.SIZE | id;
  }

  void sort() {
    Arrays.sort(tokens, 0, size);
  }

  int size() {
    return size;
  }

  /** The id of the token at a place. */
  int id(int place) {
    return (int) tokens[place];
  }
}

package dev.ovchat.generate;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;

/** A prompt and its answer while it grows. Room for the whole answer is taken at once. */
final class TokenSequence {
  private final int[] ids;
  private final int promptSize;
  private int size;

  /**
   * @param room the longest answer in tokens
   */
  TokenSequence(TokenIds prompt, int room) {
    promptSize = prompt.size();
    size = promptSize;
    ids = Arrays.copyOf(prompt.toArray(), promptSize + room);
  }

  void add(int id) {
    ids[size++] = id;
  }

  int get(int index) {
    return ids[index];
  }

  int last() {
    return ids[size - 1];
  }

  /** How many tokens prompt and answer have. */
  int size() {
    return size;
  }

  /** Where the answer begins. */
  int promptSize() {
    return promptSize;
  }

  int answerSize() {
    return size - promptSize;
  }

  boolean isFull() {
    return size == ids.length;
  }

  /** Whether the tokens from one place on are the same as from another. */
  boolean repeats(int place, int other, int length) {
    return Arrays.equals(ids, place, place + length, ids, other, other + length);
  }

  /** Whether the last tokens are the first ones of these ids. */
  boolean endsWith(int[] prefix, int length) {
    return length <= size && Arrays.equals(ids, size - length, size, prefix, 0, length);
  }

  TokenIds answer() {
    return TokenIds.of(Arrays.copyOfRange(ids, promptSize, size));
  }
}

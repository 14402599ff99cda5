package dev.ovchat.generate;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.Objects;

/** A prompt and its answer while it grows. Room for the whole answer is taken at once. */
public final class TokenSequence {
  private final TokenIds prompt;
  private final int[] ids;
  private final int promptSize;
  private int size;

  /**
   * @param room the longest answer in tokens
   */
  TokenSequence(TokenIds prompt, int room) {
    this.prompt = prompt;
    promptSize = prompt.size();
    size = promptSize;
    ids = Arrays.copyOf(prompt.toArray(), promptSize + room);
  }

  private TokenSequence(TokenSequence other) {
    prompt = other.prompt;
    promptSize = other.promptSize;
    size = other.size;
    ids = other.ids.clone();
  }

  /** Another sequence of the same tokens and room. */
  TokenSequence copy() {
    return new TokenSequence(this);
  }

  void add(int id) {
    ids[size++] = id;
  }

  /** The id at a place of prompt and answer together. */
  public int get(int index) {
    return ids[Objects.checkIndex(index, size)];
  }

  /** The id of the last token. */
  public int last() {
    return ids[size - 1];
  }

  /** How many tokens prompt and answer have. */
  public int size() {
    return size;
  }

  /** Where the answer begins. */
  public int promptSize() {
    return promptSize;
  }

  /** How many tokens the answer has so far. */
  public int answerSize() {
    return size - promptSize;
  }

  /** How many more tokens the answer may have. */
  int room() {
    return ids.length - size;
  }

  boolean isFull() {
    return size == ids.length;
  }

  /** The tokens from a place up to another. */
  int[] copy(int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  /** Whether the tokens from one place on are the same as from another. */
  boolean repeats(int place, int other, int length) {
    return Arrays.equals(ids, place, place + length, ids, other, other + length);
  }

  /** Whether the last tokens are the first ones of these ids. */
  boolean endsWith(int[] prefix, int length) {
    return length <= size && Arrays.equals(ids, size - length, size, prefix, 0, length);
  }

  TokenIds prompt() {
    return prompt;
  }

  TokenIds answer() {
    return TokenIds.of(Arrays.copyOfRange(ids, promptSize, size));
  }
}

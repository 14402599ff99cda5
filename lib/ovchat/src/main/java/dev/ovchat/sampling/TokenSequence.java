package dev.ovchat.sampling;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.Objects;

/** A prompt and its completion while it grows. */
public final class TokenSequence {
  private final TokenIds prompt;
  private final int promptSize;
  private final int longest;
  private int[] ids;
  private int size;

  /**
   * Begins with a prompt.
   *
   * @param room the maximum number of new tokens
   */
  public TokenSequence(TokenIds prompt, int room) {
    this.prompt = prompt;
    promptSize = prompt.size();
    size = promptSize;
    longest = promptSize + room;
    ids = prompt.toArray();
  }

  private TokenSequence(TokenSequence other) {
    prompt = other.prompt;
    promptSize = other.promptSize;
    longest = other.longest;
    size = other.size;
    ids = Arrays.copyOf(other.ids, other.size);
  }

  /** Another sequence of the same tokens and room. */
  public TokenSequence copy() {
    return new TokenSequence(this);
  }

  public void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, (int) Math.min(longest, 2L * size));
    }
    ids[size++] = id;
  }

  /** The id at an index of prompt and completion together. */
  public int get(int index) {
    return ids[Objects.checkIndex(index, size)];
  }

  /** The id of the last token. */
  public int last() {
    return ids[size - 1];
  }

  /** Number of tokens of prompt and completion together. */
  public int size() {
    return size;
  }

  /** Number of tokens of the prompt: the index at which the completion begins. */
  public int promptSize() {
    return promptSize;
  }

  /** Number of new tokens so far. */
  public int answerSize() {
    return size - promptSize;
  }

  /** Number of tokens that the completion may still get. */
  public int room() {
    return longest - size;
  }

  public boolean isFull() {
    return size == longest;
  }

  /** The tokens from an index up to another, which is not included. */
  public int[] copy(int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  /** Tests whether the tokens from one index on are the same as from another. */
  public boolean repeats(int place, int other, int length) {
    return Arrays.equals(ids, place, place + length, ids, other, other + length);
  }

  /** Tests whether the last tokens are the first ones of these ids. */
  boolean endsWith(int[] prefix, int length) {
    return length <= size && Arrays.equals(ids, size - length, size, prefix, 0, length);
  }

  public TokenIds prompt() {
    return prompt;
  }

  public TokenIds answer() {
    return TokenIds.of(Arrays.copyOfRange(ids, promptSize, size));
  }
}

package dev.ovchat.sampling;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.Objects;

/** A token sequence that the generation appends to. */
public final class GrowingTokenSequence implements TokenSequence {
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
  public GrowingTokenSequence(TokenIds prompt, int room) {
    this.prompt = prompt;
    promptSize = prompt.size();
    size = promptSize;
    longest = promptSize + room;
    ids = prompt.toArray();
  }

  private GrowingTokenSequence(GrowingTokenSequence other) {
    prompt = other.prompt;
    promptSize = other.promptSize;
    longest = other.longest;
    size = other.size;
    ids = Arrays.copyOf(other.ids, other.size);
  }

  /** Another sequence of the same tokens and room. */
  public GrowingTokenSequence copy() {
    return new GrowingTokenSequence(this);
  }

  /** Appends a token, of which there may be {@link #room()} more. */
  public void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, (int) Math.min(longest, 2L * size));
    }
    ids[size++] = id;
  }

  @Override
  public int get(int index) {
    return ids[Objects.checkIndex(index, size)];
  }

  @Override
  public int last() {
    return ids[size - 1];
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int promptSize() {
    return promptSize;
  }

  @Override
  public int completionSize() {
    return size - promptSize;
  }

  @Override
  public int room() {
    return longest - size;
  }

  @Override
  public boolean isFull() {
    return size == longest;
  }

  @Override
  public int[] copy(int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  @Override
  public boolean repeats(int index, int other, int length) {
    return Arrays.equals(ids, index, index + length, ids, other, other + length);
  }

  @Override
  public boolean endsWith(int[] prefix, int length) {
    return length <= size && Arrays.equals(ids, size - length, size, prefix, 0, length);
  }

  @Override
  public TokenIds prompt() {
    return prompt;
  }

  @Override
  public TokenIds completion() {
    return TokenIds.of(Arrays.copyOfRange(ids, promptSize, size));
  }
}

package dev.ovchat.sampling;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A prompt and its completion so far, as a rule or a drafter sees it: it grows between calls, and
 * only the generation appends to it.
 */
public final class TokenSequence {
  private final TokenIds prompt;
  private final int promptSize;
  private final int longest;
  private final int[] endTokens; // sorted
  private int[] ids;
  private int size;

  /**
   * Begins with a prompt.
   *
   * @param room the maximum number of new tokens
   */
  public TokenSequence(TokenIds prompt, int room) {
    this(prompt, room, List.of());
  }

  /**
   * Same as above.
   *
   * @param endTokens the ids of the tokens that end the completion
   */
  public TokenSequence(TokenIds prompt, int room, List<Integer> endTokens) {
    this.prompt = prompt;
    this.endTokens = endTokens.stream().mapToInt(Integer::intValue).sorted().toArray();
    promptSize = prompt.size();
    size = promptSize;
    longest = promptSize + room;
    ids = prompt.toArray();
  }

  private TokenSequence(TokenSequence other) {
    prompt = other.prompt;
    promptSize = other.promptSize;
    longest = other.longest;
    endTokens = other.endTokens;
    size = other.size;
    ids = Arrays.copyOf(other.ids, other.size + 1);
  }

  /** Another sequence, with one token more, of which there may be {@link #room()}. */
  public TokenSequence plus(int id) {
    TokenSequence longer = new TokenSequence(this);
    longer.append(id);
    return longer;
  }

  /** Appends a token, of which there may be {@link #room()} more. */
  void append(int id) {
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

  /** Number of new tokens of the completion so far. */
  public int completionSize() {
    return size - promptSize;
  }

  /** Number of tokens that the completion may still get. */
  public int room() {
    return longest - size;
  }

  /** Tests whether the last token is one that ends the completion. */
  public boolean isEnded() {
    return Arrays.binarySearch(endTokens, last()) >= 0;
  }

  /** Tests whether all room is taken. */
  public boolean isFull() {
    return size == longest;
  }

  /** Tests whether the tokens from one index on are the same as from another. */
  public boolean repeats(int index, int other, int length) {
    return Arrays.equals(ids, index, index + length, ids, other, other + length);
  }

  /** Tests whether the last tokens are the first ones of these ids. */
  public boolean endsWith(int[] prefix, int length) {
    return length <= size && Arrays.equals(ids, size - length, size, prefix, 0, length);
  }

  /** The tokens from an index up to another, which is not included. */
  public int[] copy(int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  /** The ids of the prompt. */
  public TokenIds prompt() {
    return prompt;
  }

  /** The ids of the completion so far. */
  public TokenIds completion() {
    return TokenIds.of(Arrays.copyOfRange(ids, promptSize, size));
  }
}

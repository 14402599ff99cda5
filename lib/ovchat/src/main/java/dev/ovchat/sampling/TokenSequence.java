package dev.ovchat.sampling;

import dev.ovchat.text.TokenIds;

/**
 * A prompt and its completion so far, as a rule or a drafter sees it: it grows between calls, and
 * only the generation appends to it.
 */
public interface TokenSequence {
  /** The id at an index of prompt and completion together. */
  int get(int index);

  /** The id of the last token. */
  int last();

  /** Number of tokens of prompt and completion together. */
  int size();

  /** Number of tokens of the prompt: the index at which the completion begins. */
  int promptSize();

  /** Number of new tokens of the completion so far. */
  int completionSize();

  /** Number of tokens that the completion may still get. */
  int room();

  /** Tests whether the tokens from one index on are the same as from another. */
  boolean repeats(int index, int other, int length);

  /** Tests whether the last tokens are the first ones of these ids. */
  boolean endsWith(int[] prefix, int length);

  /** Tests whether all room is taken. */
  boolean isFull();

  /** The ids of the prompt. */
  TokenIds prompt();

  /** The ids of the completion so far. */
  TokenIds completion();

  /** The tokens from an index up to another, which is not included. */
  int[] copy(int from, int to);
}

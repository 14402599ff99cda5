package dev.ovchat.generate;

import dev.ovchat.sampling.TokenSequence;

/**
 * Guesses that a completion goes on as it did, or as the prompt did, after the same last tokens:
 * transformers' prompt lookup decoding. Good where a completion copies, and of little cost
 * elsewhere, since it guesses less often the more often it was wrong.
 */
final class PromptLookup implements Drafter {
  /**
   * Number of last tokens that have to be the same. With fewer of them most guesses are wrong, and
   * on a small model each costs as much as two tokens (a step of another width makes OpenVINO's CPU
   * plugin work out all shapes anew).
   */
  private static final int MATCH = 3;

  private static final int LEAST_SKIPPED = 4;
  private static final int MOST_SKIPPED = 64;

  private final int most;
  private int toSkip;
  private int skipNext = LEAST_SKIPPED;

  /**
   * @param most the maximum number of tokens in a guess
   */
  PromptLookup(int most) {
    this.most = most;
  }

  @Override
  public int[] draft(TokenSequence tokens, int room) {
    if (toSkip > 0) {
      toSkip--;
      return new int[0];
    }
    int end = tokens.size() - MATCH;
    for (int index = end - 1; index >= 0; index--) {
      if (tokens.repeats(index, end, MATCH)) {
        int next = index + MATCH;
        int length = Math.min(most, room);
        return tokens.copy(next, Math.min(next + Math.max(0, length), tokens.size()));
      }
    }
    return new int[0];
  }

  @Override
  public void verified(int drafted, int accepted) {
    if (accepted == 0) {
      toSkip = skipNext;
      skipNext = Math.min(MOST_SKIPPED, 2 * skipNext);
    } else {
      skipNext = LEAST_SKIPPED;
    }
  }
}

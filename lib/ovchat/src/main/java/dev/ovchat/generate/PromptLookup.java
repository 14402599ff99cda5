package dev.ovchat.generate;

/**
 * Guesses that an answer goes on as it did, or as the prompt did, after the same last tokens:
 * transformers' prompt lookup decoding. Good where an answer copies, and of little cost elsewhere,
 * since it guesses less often the more often it was wrong.
 */
final class PromptLookup implements Drafter {
  private static final int LONGEST_MATCH = 3;
  private static final int MOST_SKIPPED = 32;

  private final int most;
  private int length;
  private int toSkip;
  private int skipNext = 1;

  /**
   * @param most how many tokens a guess may have
   */
  PromptLookup(int most) {
    this.most = most;
    this.length = most;
  }

  @Override
  public int[] draft(TokenSequence tokens, int room) {
    if (toSkip > 0) {
      toSkip--;
      return new int[0];
    }
    int longest = Math.min(length, room);
    for (int match = LONGEST_MATCH; match > 0 && longest > 0; match--) {
      int place = lastPlaceOf(tokens, match);
      if (place >= 0) {
        return tokens.copy(place, Math.min(place + longest, tokens.size()));
      }
    }
    return new int[0];
  }

  /** Behind the last place before the end where the last tokens stand too; below 0 for none. */
  private static int lastPlaceOf(TokenSequence tokens, int match) {
    int end = tokens.size() - match;
    for (int place = end - 1; place >= 0; place--) {
      if (tokens.repeats(place, end, match)) {
        return place + match;
      }
    }
    return -1;
  }

  @Override
  public void verified(int drafted, int accepted) {
    if (accepted == 0) {
      toSkip = skipNext;
      skipNext = Math.min(MOST_SKIPPED, 2 * skipNext);
      length = Math.max(1, length / 2);
    } else {
      skipNext = 1;
      length = accepted == drafted ? Math.min(most, 2 * length) : Math.max(1, length);
    }
  }
}

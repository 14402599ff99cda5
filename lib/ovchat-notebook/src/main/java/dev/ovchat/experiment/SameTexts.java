package dev.ovchat.experiment;

/**
 * Number of prompts whose completions are the baseline's, token by token.
 *
 * @param same number of those prompts
 * @param prompts number of all prompts, 1 or more
 */
record SameTexts(int same, int prompts) {
  boolean all() {
    return same == prompts;
  }

  @Override
  public String toString() {
    return same + " of " + prompts;
  }
}

package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;

/**
 * Is notified of each token as soon as it is chosen, on the thread that generates; with beams, of
 * the tokens of the best completion when the search is over.
 */
@FunctionalInterface
public interface GenerationListener {
  /** Ignores everything. */
  GenerationListener NONE = id -> {};

  /**
   * Called when a completion begins.
   *
   * @param config the values in force, with the model's own in place of those that were not set
   */
  default void start(GenerationConfig config) {}

  /** Receives the next token of the completion; the end token, too. */
  void token(int id);

  /**
   * Receives the next piece of the completion's text, of one character or more, as soon as it is
   * certain. It comes after the token that made it certain: where bytes of a character are still to
   * come, or what may be a stop string, it waits. Special tokens are left out. The pieces joined
   * are the completion's decoded text, up to its first stop string.
   */
  default void text(String piece) {}

  /** Called when the completion is over. */
  default void end() {}
}

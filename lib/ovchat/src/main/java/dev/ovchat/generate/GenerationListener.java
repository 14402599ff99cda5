package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;

/**
 * Receives each token as soon as it is chosen, on the thread that generates; with beams, the tokens
 * of the best completion when the search is over.
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

  /** Called when the completion is over. */
  default void end() {}
}

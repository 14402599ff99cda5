package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;

/**
 * Hears of each token as soon as it is chosen, on the thread that generates; with beams, of those
 * of the best answer when the search is over.
 */
@FunctionalInterface
public interface GenerationListener {
  /** Listens to nothing. */
  GenerationListener NONE = id -> {};

  /**
   * An answer begins.
   *
   * @param config the values in force, with the model's own in place of those that were not set
   */
  default void start(GenerationConfig config) {}

  /** The next token of the answer; the end token too. */
  void token(int id);

  /** The answer is over. */
  default void end() {}
}

package dev.ovchat.generate;

/** Hears of each token as soon as it is chosen, on the thread that generates. */
@FunctionalInterface
public interface GenerationListener {

  /** The next token of the answer; the end token too. */
  void token(int id);

  /** The answer is over. */
  default void end() {}
}

package dev.ovchat.tool;

import java.util.Optional;

/**
 * How an answer begins, for its grammar.
 *
 * @param isCall true if it has to be calls of tools
 * @param thinkingMark the mark at which the model begins to think; empty if it does not, or the
 *     prompt has the mark already
 * @param thinkingEnd the mark at which it has thought; empty for a model that does not
 */
public record AnswerStart(
    boolean isCall, Optional<String> thinkingMark, Optional<String> thinkingEnd) {

  /** Text or calls, without thinking. */
  public static final AnswerStart ANY = new AnswerStart(false, Optional.empty(), Optional.empty());

  /** Calls, without thinking. */
  public static final AnswerStart CALL = new AnswerStart(true, Optional.empty(), Optional.empty());
}

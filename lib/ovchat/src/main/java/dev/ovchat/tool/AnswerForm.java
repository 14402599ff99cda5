package dev.ovchat.tool;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Parts of an answer besides calls of tools, for its grammar.
 *
 * @param isCall true if it has to be calls of tools
 * @param thinkingMark the mark at which the model begins to think; empty if it does not, or the
 *     prompt has the mark already
 * @param thinkingEnd the mark at which it has thought; empty for a model that does not
 * @param rule what the answer follows where it calls nothing, as the body of a rule in llguidance's
 *     Lark; empty for any text
 */
public record AnswerForm(
    boolean isCall,
    Optional<String> thinkingMark,
    Optional<String> thinkingEnd,
    Optional<String> rule) {

  /** Text or calls, without thinking. */
  public static final AnswerForm ANY =
      new AnswerForm(false, Optional.empty(), Optional.empty(), Optional.empty());

  /** Calls, without thinking. */
  public static final AnswerForm CALL =
      new AnswerForm(true, Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * A grammar in llguidance's Lark of an answer without calls: what is thought, and then what is
   * said.
   *
   * @param specialTokens the id of a text that is a special token of the model's
   */
  public String grammar(Function<String, OptionalInt> specialTokens) {
    return CallGrammar.withoutCalls(this, specialTokens);
  }

  /** Tests whether an answer may be any text. */
  boolean isFree() {
    return !isCall && rule.isEmpty();
  }
}

package dev.ovchat.grammar;

import dev.ovchat.text.TokenIds;
import java.util.Optional;

/** The first tokens of a completion, as the module has taken them in. */
final class MatchedTokens {
  /** The module's number of the completion. */
  final int number;

  private TokenIds ids;
  private boolean mayEnd;
  private Optional<NextTokens> next;

  MatchedTokens(int number) {
    this.number = number;
  }

  TokenIds ids() {
    return ids;
  }

  /**
   * Notes what the module has taken in.
   *
   * @param mayEnd whether the completion may be complete
   * @param next the tokens that may come next, if they are known
   */
  void set(TokenIds ids, boolean mayEnd, Optional<NextTokens> next) {
    this.ids = ids;
    this.mayEnd = mayEnd;
    this.next = next;
  }

  /** Tests whether the end may come next. */
  boolean mayEnd() {
    return mayEnd;
  }

  /** The tokens that may come next, if they are known. */
  Optional<NextTokens> next() {
    return next;
  }

  void next(NextTokens next) {
    this.next = Optional.of(next);
  }

  /**
   * The tokens that may come next after a completion, if they are known: it is the matched tokens,
   * and perhaps some that were forced.
   */
  Optional<NextTokens> after(TokenIds completion) {
    int more = completion.size() - ids.size();
    boolean goesOn = more >= 0 && completion.commonPrefix(ids) == ids.size();
    return next.filter(known -> goesOn && follows(known.forced(), more, completion))
        .map(known -> known.after(more));
  }

  private boolean follows(TokenIds forced, int more, TokenIds completion) {
    return more == 0 || (more < forced.size() && completion.equals(ids.plus(forced.first(more))));
  }
}

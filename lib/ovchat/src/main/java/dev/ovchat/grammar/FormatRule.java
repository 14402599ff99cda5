package dev.ovchat.grammar;

import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A response format as the rule of one completion, or of the beams of one. What was found out about
 * a completion is kept for the next, which is mostly the same with one token more.
 */
public final class FormatRule implements AutoCloseable {
  private final Grammars grammars;
  private final ResponseFormat format;
  private final int[] endTokens;
  private final int most;

  /** The completions that the module knows, one for each beam at most. */
  private final List<MatchedTokens> matched = new ArrayList<>();

  /**
   * @param endTokens those that may come where an answer is complete
   * @param most the number of completions that are followed at once
   */
  FormatRule(Grammars grammars, ResponseFormat format, List<Integer> endTokens, int most) {
    this.grammars = grammars;
    this.format = format;
    this.endTokens = endTokens.stream().mapToInt(Integer::intValue).toArray();
    this.most = most;
  }

  /**
   * Rules out the tokens that may not come next.
   *
   * @param completion the tokens so far
   * @param logits [vocabulary] of the token that follows; changed in place: minus infinity rules a
   *     token out
   * @throws GrammarException if the completion does not fit the format, or what may come next takes
   *     too much to find out
   */
  public void restrict(TokenIds completion, float[] logits) {
    NextTokens next = grammars.next(this, completion);
    boolean mayEnd = next.allows(grammars.end());
    float[] ends = new float[endTokens.length];
    for (int index = 0; index < ends.length; index++) {
      ends[index] = at(logits, endTokens[index]);
    }
    next.restrict(logits);
    if (grammars.end() < logits.length) { // where the model has more ids than the tokenizer
      logits[grammars.end()] = Float.NEGATIVE_INFINITY;
    }
    for (int index = 0; mayEnd && index < ends.length; index++) {
      if (endTokens[index] < logits.length) {
        logits[endTokens[index]] = ends[index];
      }
    }
  }

  private static float at(float[] logits, int id) {
    return id < logits.length ? logits[id] : Float.NEGATIVE_INFINITY;
  }

  /**
   * The tokens that have to come next, whatever the model gives.
   *
   * @param most the maximum number of them
   * @throws GrammarException as above
   */
  public int[] forced(TokenIds completion, int most) {
    TokenIds forced =
        grammars.known(this, completion).map(NextTokens::forced).orElseGet(TokenIds::of);
    return forced.first(Math.min(most, forced.size())).toArray();
  }

  /**
   * The first ones of some tokens, as far as they may come next.
   *
   * @throws GrammarException as above
   */
  public int[] allowed(TokenIds completion, int[] tokens) {
    return grammars.allowed(this, completion, tokens);
  }

  /**
   * Tests whether a token that the model wants may come next. For one that may, that is found out
   * sooner than which ones may, and it is taken in: the next completion mostly has it.
   *
   * @throws GrammarException as above
   */
  public boolean allows(TokenIds completion, int id) {
    boolean isEnd = Arrays.stream(endTokens).anyMatch(end -> end == id);
    if (isEnd || completion.isEmpty()) {
      NextTokens next = grammars.next(this, completion);
      return (isEnd && next.allows(grammars.end())) || (id < grammars.end() && next.allows(id));
    }
    return id < grammars.end() && grammars.allows(this, completion, id);
  }

  /**
   * Tests whether the completion is complete, and nothing can follow.
   *
   * @throws GrammarException as above
   */
  public boolean isComplete(TokenIds completion) {
    return grammars.isComplete(this, completion);
  }

  /** Tests whether there are tokens to end with. */
  public boolean hasEndTokens() {
    return endTokens.length > 0;
  }

  ResponseFormat format() {
    return format;
  }

  List<MatchedTokens> matched() {
    return matched;
  }

  /** Tests whether one more completion may be followed. */
  boolean hasRoom() {
    return matched.size() < most;
  }

  /** Forgets what was found out. It can be found out again. */
  @Override
  public void close() {
    grammars.forget(this);
  }
}

package dev.ovchat.sampling;

import dev.ovchat.config.GenerationException;
import dev.ovchat.grammar.FormatRule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Choice of a completion's tokens, one after the other, from logits: they are checked, processed,
 * and one is taken.
 */
public final class TokenChoice {
  private final TokenSequence tokens;
  private final LogitsProcessor[] rules;
  private final LogitsProcessor[] warpers;
  private final Optional<Sampler> sampler;
  private final boolean plain;
  private final Optional<FormatRule> onlyFormat;
  private Optional<ChoiceListener> listener = Optional.empty();

  /**
   * Chooses what follows these tokens.
   *
   * @param rules the processors that come first, in their order
   * @param warpers those that only shape the sampling; they come next
   * @param sampler takes a token in the end; if empty, the most probable one is taken
   */
  public TokenChoice(
      TokenSequence tokens,
      List<LogitsProcessor> rules,
      List<LogitsProcessor> warpers,
      Optional<Sampler> sampler) {
    this.tokens = tokens;
    this.rules = rules.toArray(LogitsProcessor[]::new);
    this.warpers = warpers.toArray(LogitsProcessor[]::new);
    this.sampler = sampler;
    boolean isGreedy = warpers.isEmpty() && sampler.isEmpty();
    this.plain = isGreedy && rules.isEmpty();
    this.onlyFormat = isGreedy ? onlyFormat(rules) : Optional.empty();
  }

  private static Optional<FormatRule> onlyFormat(List<LogitsProcessor> rules) {
    return rules.size() == 1 && rules.get(0) instanceof ResponseFormatLogitsProcessor format
        ? Optional.of(format.rule())
        : Optional.empty();
  }

  /** Sets a listener that is notified of all choices that follow. */
  public void listener(ChoiceListener listener) {
    this.listener = Optional.of(listener);
  }

  /** Appends a token, from which the choice goes on. */
  public void append(int id) {
    tokens.append(id);
  }

  /**
   * The next token.
   *
   * @param logits [vocabulary] of the token that follows; changed in place
   * @throws GenerationException if there is a NaN among them, or the processors leave no token
   */
  public int next(float[] logits) {
    int id = choose(logits);
    listener.ifPresent(notified -> notified.chosen(id, logits));
    return id;
  }

  private int choose(float[] logits) {
    int mostProbable = mostProbable(tokens, logits);
    if (listener.isEmpty() && isAllowed(mostProbable)) {
      return mostProbable;
    }
    listener.ifPresent(notified -> notified.given(logits));
    process(rules, logits);
    listener.ifPresent(notified -> notified.ruled(logits));
    if (plain) {
      return mostProbable;
    }
    process(warpers, logits);
    float highest = Softmax.highest(logits);
    if (highest == LogitsProcessor.RULED_OUT) {
      boolean hasFormat =
          Arrays.stream(rules).anyMatch(ResponseFormatLogitsProcessor.class::isInstance);
      throw noneLeft(tokens, hasFormat);
    }
    requireFinite(tokens, highest);
    return sampler.isPresent() ? sampler.get().choose(logits) : mostProbable(logits);
  }

  /**
   * Tests whether a format, where nothing else rules tokens out, allows what the model wants: it
   * mostly does.
   */
  private boolean isAllowed(int mostProbable) {
    return onlyFormat.isPresent() && onlyFormat.get().allows(tokens.completion(), mostProbable);
  }

  private void process(LogitsProcessor[] processors, float[] logits) {
    for (LogitsProcessor processor : processors) {
      processor.process(tokens, logits);
    }
  }

  /**
   * The id with the highest of the model's own logits.
   *
   * @throws GenerationException if there is a NaN among them
   */
  public static int mostProbable(TokenSequence tokens, float[] logits) {
    int mostProbable = mostProbable(logits);
    if (Float.isNaN(logits[mostProbable])) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
          The model gave NaN, which is no number, for the id %d at token %d of the answer: \
          its weights are damaged or of another model, or the precision is too low for it.""",
              mostProbable,
              tokens.completionSize() + 1));
    }
    return mostProbable;
  }

  /** The id of the highest logit; that of a NaN if there is any. Of equal ones, the first. */
  public static int mostProbable(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      // Written so that a NaN, which is neither lower nor equal, is taken and stays.
      if (!(logits[id] <= logits[best])) {
        if (Float.isNaN(logits[best])) {
          return best;
        }
        best = id;
      }
    }
    return best;
  }

  /** Creates the exception for a completion that cannot go on. */
  public static GenerationException noneLeft(TokenSequence tokens, boolean hasFormat) {
    return new GenerationException(
        String.format(
            Locale.ROOT,
            """
        No token is left at token %d of the answer: badWordsIds, noRepeatNgramSize, minNewTokens\
        %s and logits processors of your own rule out all of them.""",
            tokens.completionSize() + 1,
            hasFormat ? ", responseFormat" : ""));
  }

  /**
   * Refuses processed logits that are too large to sample from.
   *
   * @param highest the highest of the logits; minus infinity, which rules a token out, is not
   *     refused
   */
  public static void requireFinite(TokenSequence tokens, float highest) {
    if (highest == Float.POSITIVE_INFINITY || Float.isNaN(highest)) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "The logits of token %d of the answer are too large to sample from: the highest is %s.",
              tokens.completionSize() + 1,
              highest));
    }
  }
}

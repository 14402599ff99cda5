package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.CheckedSampler;
import dev.ovchat.sampling.ChoiceWatch;
import dev.ovchat.sampling.GrowingTokenSequence;
import dev.ovchat.sampling.LogitsProcessors;
import dev.ovchat.sampling.MultinomialSampler;
import dev.ovchat.sampling.Sampler;
import dev.ovchat.sampling.TokenChoice;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/** A completion while it is generated: takes logits, chooses tokens, and knows when it is over. */
final class GrowingAnswer {
  private final GrowingTokenSequence tokens;
  private final TokenChoice choice;
  private final AnswerEnd answerEnd;
  private final Optional<Long> seed;
  private final GenerationRequest request;
  private final GenerationListener listener;
  private final Stopwatch stopwatch;
  private FinishReason finishReason;

  /**
   * Creates an empty completion.
   *
   * @param place the index among the completions of its prompt, from 0
   * @param tokenizer the tokenizer for the config's stop strings; may be empty where there are none
   * @param hooks the caller's hooks; their listener is notified of this completion
   */
  GrowingAnswer(
      GenerationRequest request,
      int place,
      Optional<Tokenizer> tokenizer,
      GenerationHooks hooks,
      Stopwatch stopwatch) {
    this.request = request;
    GenerationConfig config = request.config();
    this.tokens = new GrowingTokenSequence(request.prompt(), request.limit());
    this.seed =
        hooks.sampler().isPresent()
            ? Optional.empty()
            : MultinomialSampler.seedFor(config)
                .map(first -> MultinomialSampler.seedFor(first, place));
    Sampler usual = seed.<Sampler>map(MultinomialSampler::new).orElse(Sampler.GREEDY);
    this.choice =
        new TokenChoice(
            LogitsProcessors.of(config, hooks.logitsProcessors()),
            hooks.sampler().<Sampler>map(CheckedSampler::new).orElse(usual));
    this.answerEnd = new AnswerEnd(config, tokenizer);
    this.listener = hooks.listener();
    this.stopwatch = stopwatch;
  }

  /** Shows how all tokens that follow are chosen. */
  void showChoicesTo(ChoiceWatch watch) {
    choice.showTo(watch);
  }

  void start() {
    stopwatch.start();
    listener.start(request.config());
  }

  /**
   * Notes that the prompt has been read.
   *
   * @param cached the number of its tokens that were in the cache already
   */
  void promptRead(int cached) {
    stopwatch.promptRead(cached);
  }

  TokenSequence tokens() {
    return tokens;
  }

  boolean isOver() {
    return finishReason != null;
  }

  /**
   * Chooses the next token.
   *
   * @param logits [vocabulary]; changed in place
   * @return false if a rule or the listener has ended the completion meanwhile, by using its
   *     session
   */
  boolean take(float[] logits) {
    int token = choice.next(tokens, logits);
    if (isOver()) {
      return false;
    }
    tokens.add(token);
    stopwatch.token();
    listener.token(token);
    if (isOver()) {
      return false;
    }
    answerEnd.reachedBy(tokens).ifPresent(this::end);
    return true;
  }

  void drafted(int drafted, int accepted) {
    stopwatch.drafted(drafted, accepted);
  }

  /**
   * A drafter's guess, checked.
   *
   * @throws GenerationException if that is more than is allowed, or holds an id outside the
   *     vocabulary
   */
  int[] checked(Drafter drafter, int most) {
    int[] draft = drafter.draft(tokens, most);
    request.requireDraft(draft, most);
    return draft;
  }

  /**
   * Ends the completion, which cannot go on. What the listener throws is added to the reason as
   * suppressed.
   */
  void fail(Throwable reason) {
    if (isOver()) {
      return;
    }
    try {
      cancel();
    } catch (RuntimeException | Error e) {
      if (e != reason) {
        reason.addSuppressed(e);
      }
    }
  }

  void cancel() {
    end(FinishReason.CANCELLED);
  }

  private void end(FinishReason reason) {
    finishReason = reason;
    listener.end();
  }

  TokenIds prompt() {
    return tokens.prompt();
  }

  /** The generation that the completions of one prompt make up; the metrics are the first one's. */
  static Generation generation(List<GrowingAnswer> answers) {
    GrowingAnswer first = answers.get(0);
    return new Generation(
        first.prompt(),
        answers.stream().map(GrowingAnswer::answer).toList(),
        first.stopwatch.metrics(first.tokens.promptSize()));
  }

  private Answer answer() {
    return new Answer(tokens.answer(), finishReason, seed, Optional.empty());
  }
}

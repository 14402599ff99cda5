package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.grammar.FormatRule;
import dev.ovchat.sampling.CheckedSampler;
import dev.ovchat.sampling.ChoiceListener;
import dev.ovchat.sampling.LogitsProcessors;
import dev.ovchat.sampling.MultinomialSampler;
import dev.ovchat.sampling.Sampler;
import dev.ovchat.sampling.TokenChoice;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A completion while it is decoded: takes logits, chooses tokens, and knows when it is over. */
final class DecodingState {
  private static final int[] NONE = {};

  private final GenerationRequest request;
  private final TokenSequence tokens;
  private final Optional<Long> seed;
  private final Optional<FormatRule> format;
  private final TokenChoice choice;
  private final Optional<CompletionText> text;
  private final Stopwatch stopwatch;
  private FinishReason finishReason;

  /**
   * Creates an empty completion.
   *
   * @param index the index among the completions of its prompt, from 0; the request's listener is
   *     notified of the first one
   * @throws dev.ovchat.grammar.GrammarException if the response format is refused
   */
  DecodingState(CausalLM model, GenerationRequest request, int index) {
    GenerationConfig config = request.config();
    this.request = request;
    this.tokens = request.begin();
    this.seed =
        config.doSample() && request.sampler().isEmpty()
            ? Optional.of(MultinomialSampler.seedFor(MultinomialSampler.seedFor(config), index))
            : Optional.empty();
    this.format = model.formatRule(config);
    this.choice =
        new TokenChoice(
            tokens,
            LogitsProcessors.rules(config, request.logitsProcessors(), format),
            LogitsProcessors.warpers(config),
            sampler(request, seed));
    Optional<GenerationListener> listener = index == 0 ? request.listener() : Optional.empty();
    this.text = text(model.tokenizer(), config.stopStrings(), listener);
    this.stopwatch = new Stopwatch(model.loadMillis());
  }

  /** Creates as many empty completions as a request asks for. */
  static List<DecodingState> all(CausalLM model, GenerationRequest request) {
    return IntStream.range(0, request.config().numReturnSequences())
        .mapToObj(index -> new DecodingState(model, request, index))
        .toList();
  }

  /** The caller's own sampler, or one where tokens are sampled. */
  private static Optional<Sampler> sampler(GenerationRequest request, Optional<Long> seed) {
    return request
        .sampler()
        .<Sampler>map(CheckedSampler::new)
        .or(() -> seed.map(MultinomialSampler::new));
  }

  /** The text where it is needed: for a listener, or to look for stop strings. */
  private static Optional<CompletionText> text(
      Tokenizer tokenizer, List<String> stopStrings, Optional<GenerationListener> listener) {
    return listener.isEmpty() && stopStrings.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CompletionText(tokenizer, stopStrings, listener.orElse(GenerationListener.NONE)));
  }

  /** Sets a listener that is notified of all choices that follow. */
  void choiceListener(ChoiceListener listener) {
    choice.listener(listener);
  }

  void start() {
    stopwatch.start();
    text.ifPresent(started -> started.start(request.config()));
  }

  /**
   * Notes that the prompt has been read.
   *
   * @param cached the number of its tokens that were in the cache already
   */
  void promptRead(int cached) {
    stopwatch.promptRead(cached);
  }

  GenerationRequest request() {
    return request;
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
    int token = choice.next(logits);
    if (isOver()) {
      return false;
    }
    choice.append(token);
    stopwatch.token();
    text.ifPresent(growing -> growing.push(token));
    if (isOver()) {
      return false;
    }
    FinishReason.of(tokens, text, format).ifPresent(this::end);
    return true;
  }

  /**
   * The tokens that have to come next by the response format, whatever the model gives.
   *
   * @param most the maximum number of them
   */
  int[] forced(int most) {
    return format.map(rule -> rule.forced(tokens.completion(), most)).orElse(NONE);
  }

  /** As many of them as there is room for, if one more token is to be chosen after them. */
  int[] forced() {
    return forced(tokens.room() - 1);
  }

  /** The first ones of a draft, as far as the response format allows them. */
  int[] allowed(int[] draft) {
    return format.map(rule -> rule.allowed(tokens.completion(), draft)).orElse(draft);
  }

  void drafted(int drafted, int accepted) {
    stopwatch.drafted(drafted, accepted);
  }

  /**
   * Ends the completion, which cannot go on. What the listener throws is added to the reason as
   * suppressed.
   */
  void fail(Throwable reason) {
    if (!isOver()) {
      finishReason = FinishReason.CANCELLED;
      format.ifPresent(FormatRule::close);
      text.ifPresent(ended -> ended.fail(reason));
    }
  }

  void cancel() {
    end(FinishReason.CANCELLED);
  }

  private void end(FinishReason reason) {
    finishReason = reason;
    format.ifPresent(FormatRule::close);
    text.ifPresent(CompletionText::end);
  }

  /** The generation that the completions of one prompt make up; the metrics are the first one's. */
  static Generation generation(List<DecodingState> completions) {
    DecodingState first = completions.get(0);
    TokenIds prompt = first.tokens.prompt();
    return new Generation(
        prompt,
        completions.stream().map(DecodingState::completion).toList(),
        first.stopwatch.metrics(prompt.size()));
  }

  private Completion completion() {
    return new Completion(tokens.completion(), finishReason, seed, Optional.empty());
  }
}

package dev.ovchat.generate;

import dev.ovchat.cache.CausalSession;
import dev.ovchat.config.EarlyStopping;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.grammar.FormatRule;
import dev.ovchat.sampling.MultinomialSampler;
import dev.ovchat.sampling.TokenChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Follows several completions of one prompt at once, and keeps those with the best scores:
 * transformers' {@code _beam_search}. For one generation.
 *
 * <p>The prompt is read once. After that each step reads the last tokens of all beams together, a
 * row of the cache for each.
 *
 * <p>Tokens that a response format forces are read one by one: after each the beams compete, and
 * one whose next tokens are known may be dropped for another before they come.
 *
 * <p>Where the processors leave fewer continuations than there are beams, transformers goes on with
 * sequences that it has just ruled out; here there are fewer beams, and so there may be fewer
 * completions.
 */
final class BeamSearch {
  private final GenerationRequest request;
  private final GenerationConfig config;
  private final CausalSession session;
  private final Optional<CompletionText> text; // of the best completion, for the listener
  private final Cancellation cancellation;
  private final Stopwatch stopwatch;
  private final Optional<Long> seed;
  private final Optional<FormatRule> format;
  private final ContinuationChoice choice;
  private final int numBeams;
  private final double lengthPenalty;

  /** Beams that go on, most probable first. */
  private List<Beam> running;

  /** The best complete beams, best first. */
  private List<Beam> finished = List.of();

  /**
   * @param session an empty session with one row
   */
  BeamSearch(
      CausalLM model, GenerationRequest request, CausalSession session, Cancellation cancellation) {
    request.requireNoSampler();
    this.request = request;
    this.config = request.config();
    this.session = session;
    this.text = request.listener().map(listener -> text(model, listener));
    this.cancellation = cancellation;
    this.stopwatch = new Stopwatch(model.loadMillis());
    this.seed =
        config.doSample() ? Optional.of(MultinomialSampler.seedFor(config)) : Optional.empty();
    this.format = model.formatRule(config);
    this.choice =
        new ContinuationChoice(
            config, request.logitsProcessors(), format, seed.map(MultinomialSampler::random));
    this.numBeams = config.numBeams();
    this.lengthPenalty = config.lengthPenalty();
    boolean hasStopStrings = !config.stopStrings().isEmpty();
    this.running =
        List.of(
            Beam.empty(
                request,
                hasStopStrings
                    ? Optional.of(text(model, GenerationListener.NONE))
                    : Optional.empty()));
  }

  private CompletionText text(CausalLM model, GenerationListener listener) {
    return new CompletionText(model.tokenizer(), config.stopStrings(), listener);
  }

  /** Searches to the end, and notifies the listener of the best completion. */
  Generation run() {
    stopwatch.start();
    try {
      text.ifPresent(started -> started.start(config));
      Generation found = search();
      text.ifPresent(best -> found.ids().stream().forEach(best::push));
      text.ifPresent(CompletionText::end);
      return found;
    } catch (RuntimeException | Error e) {
      text.ifPresent(ended -> ended.fail(e));
      throw e;
    } finally {
      format.ifPresent(FormatRule::close);
    }
  }

  private Generation search() {
    int[][] prompt = {request.prompt().toArray()};
    if (cancellation.isRequested() || !session.read(prompt, 1, cancellation::isRequested)) {
      return cancelled();
    }
    stopwatch.promptRead(0);
    if (!advance()) {
      return cancelled();
    }
    while (!isOver()) {
      if (cancellation.isRequested()) {
        return cancelled();
      }
      session.keep(running.stream().mapToInt(Beam::row).toArray());
      if (!session.read(lastTokens(), 1, cancellation::isRequested) || !advance()) {
        return cancelled();
      }
    }
    return generation(finished, beam -> beam.finishReason().orElseThrow());
  }

  private int[][] lastTokens() {
    return running.stream().map(beam -> new int[] {beam.tokens().last()}).toArray(int[][]::new);
  }

  /**
   * Goes on by one token. Only those among the first {@code numBeams} continuations may end; the
   * others are there to go on with.
   *
   * @return false if it was cancelled before that was done
   */
  private boolean advance() {
    var chosen = choice.of(running, row -> session.logits(row, 0), cancellation::isRequested);
    if (chosen.isEmpty()) {
      return false;
    }
    List<Continuation> next = chosen.get();
    if (next.isEmpty() && finished.isEmpty()) {
      throw TokenChoice.noneLeft(running.get(0).tokens(), format.isPresent());
    }
    stopwatch.token();
    List<Beam> goingOn = new ArrayList<>();
    List<Beam> over = new ArrayList<>(finished);
    for (int index = 0; index < next.size(); index++) {
      Beam beam = running.get(next.get(index).beam()).plus(next.get(index), format);
      if (!beam.isOver()) {
        goingOn.add(beam);
      } else if (index < numBeams) {
        over.add(beam);
      }
    }
    running = goingOn.stream().sorted(Beam.MOST_PROBABLE_FIRST).limit(numBeams).toList();
    finished = best(over.stream());
    return true;
  }

  /** transformers' {@code _check_early_stop_heuristic}. */
  private boolean isOver() {
    if (running.isEmpty()) {
      return true;
    }
    if (finished.size() < numBeams) {
      return false;
    }
    if (config.earlyStopping() == EarlyStopping.TRUE) {
      return true;
    }
    Beam mostProbable = running.get(0);
    boolean growing = config.earlyStopping() == EarlyStopping.NEVER && lengthPenalty > 0;
    int length = growing ? request.limit() : mostProbable.tokens().completionSize();
    Beam worst = finished.get(numBeams - 1);
    return mostProbable.score(length, lengthPenalty) <= worst.score(lengthPenalty);
  }

  /**
   * The best beams, complete or not. All of them count as cancelled, since the search is not over.
   */
  private Generation cancelled() {
    Stream<Beam> all = Stream.concat(finished.stream(), running.stream());
    return generation(best(all), beam -> FinishReason.CANCELLED);
  }

  private List<Beam> best(Stream<Beam> beams) {
    return beams.sorted(Beam.bestFirst(lengthPenalty)).limit(numBeams).toList();
  }

  private Generation generation(List<Beam> beams, Function<Beam, FinishReason> reason) {
    List<Completion> completions =
        beams.stream()
            .limit(config.numReturnSequences())
            .map(beam -> beam.completion(reason.apply(beam), seed, lengthPenalty))
            .toList();
    return new Generation(
        request.prompt(), completions, stopwatch.metrics(request.prompt().size()));
  }
}

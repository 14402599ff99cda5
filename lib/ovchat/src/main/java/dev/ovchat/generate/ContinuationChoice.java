package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.grammar.FormatRule;
import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.sampling.LogitsProcessors;
import dev.ovchat.sampling.Softmax;
import dev.ovchat.sampling.TokenChoice;
import dev.ovchat.sampling.TokenSequence;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Choice of the beams' continuations: of all tokens that may follow any of the beams, the most
 * probable are taken, or some are sampled. transformers' {@code _get_top_k_continuations}. For one
 * generation.
 *
 * <p>The processors work on log-probabilities here, as they do in transformers: with one beam they
 * work on logits.
 */
final class ContinuationChoice {
  private final List<LogitsProcessor> processors;
  private final long most;
  private final Optional<RandomGenerator> random;
  private final Softmax softmax = new Softmax();

  /**
   * @param own the caller's logits processors
   * @param format the rule of the response format
   * @param random the generator to sample with; empty to take the most probable
   */
  ContinuationChoice(
      GenerationConfig config,
      List<LogitsProcessor> own,
      Optional<FormatRule> format,
      Optional<RandomGenerator> random) {
    this.processors = LogitsProcessors.of(config, own, format);
    // Though each beam may end by each end token, as many as there are beams go on.
    int endTokens = config.eosTokenIds().map(List::size).orElse(0);
    this.most = Math.max(2, 1 + endTokens) * (long) config.numBeams();
    this.random = random;
  }

  /**
   * Chooses continuations: most probable first, or in the order in which they were sampled. Fewer
   * than wanted, or none, where the processors leave no more.
   *
   * @param logits [vocabulary] of the token that follows a beam, by the beam's index; changed in
   *     place
   * @param isCancelled asked for each beam
   * @return empty if it was cancelled
   * @throws GenerationException if there is a NaN among them, or they are too large
   */
  Optional<List<Continuation>> of(
      List<Beam> beams, IntFunction<float[]> logits, BooleanSupplier isCancelled) {
    var chosen = new PriorityQueue<>(Continuation.BEST_FIRST.reversed());
    for (int index = 0; index < beams.size(); index++) {
      if (isCancelled.getAsBoolean()) {
        return Optional.empty();
      }
      Beam beam = beams.get(index);
      float[] next = logits.apply(index);
      process(beam.tokens(), next);
      for (int id = 0; id < next.length; id++) {
        if (next[id] != LogitsProcessor.RULED_OUT) {
          add(index, id, beam.logProbability() + next[id], chosen);
        }
      }
    }
    return Optional.of(chosen.stream().sorted(Continuation.BEST_FIRST).toList());
  }

  private void process(TokenSequence tokens, float[] logits) {
    TokenChoice.mostProbable(tokens, logits);
    softmax.toLogs(logits);
    for (LogitsProcessor processor : processors) {
      processor.process(tokens, logits);
    }
    TokenChoice.requireFinite(tokens, Softmax.highest(logits));
  }

  private void add(int beam, int id, float logProbability, PriorityQueue<Continuation> chosen) {
    double rank = logProbability + (random.isPresent() ? gumbel(random.get()) : 0);
    boolean full = chosen.size() == most;
    if (full && rank <= chosen.peek().rank()) {
      return;
    }
    if (full) {
      chosen.remove();
    }
    chosen.add(new Continuation(beam, id, logProbability, rank));
  }

  /**
   * Noise of Gumbel's distribution. Added to all log-probabilities, it makes the highest ones a
   * sample without replacement, in its order, as torch's {@code multinomial} draws it.
   */
  private static double gumbel(RandomGenerator random) {
    return -StrictMath.log(-StrictMath.log(random.nextDouble()));
  }
}

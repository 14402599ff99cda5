package dev.ovchat.generate;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The loop at the heart of it: read the prompt, choose a token, read that token, choose the next
 * one, until an end token comes or the answer is long enough. For one generation.
 */
final class GenerationLoop {
  private static final double NANOS_PER_MILLI = 1e6;

  private final CausalSession session;
  private final GenerationListener listener;
  private final Cancellation cancellation;
  private final Optional<Long> seed;
  private final TokenChoice choice;
  private final int[] endTokens;

  /** A loop that chooses tokens as the config says, and ends the answer with its end tokens. */
  GenerationLoop(
      CausalSession session,
      GenerationConfig config,
      GenerationListener listener,
      Cancellation cancellation) {
    this.session = session;
    this.listener = listener;
    this.cancellation = cancellation;
    this.seed =
        config.doSample()
            ? Optional.of(config.seed().orElseGet(MultinomialSampler::freshSeed))
            : Optional.empty();
    this.choice =
        new TokenChoice(
            LogitsProcessors.of(config),
            seed.<Sampler>map(MultinomialSampler::new).orElse(Sampler.GREEDY));
    this.endTokens =
        config.eosTokenIds().orElse(List.of()).stream().mapToInt(id -> id).sorted().toArray();
  }

  /**
   * Generates an answer.
   *
   * @param limit the longest answer in tokens
   */
  Generation run(TokenIds prompt, int limit, double loadMillis) {
    TokenSequence tokens = new TokenSequence(prompt, limit);
    long start = System.nanoTime();
    Optional<float[]> logits = session.read(prompt, this::isCancelled);
    logits.ifPresent(row -> take(tokens, row));
    long first = System.nanoTime();
    FinishReason reason = logits.isPresent() ? finish(tokens) : FinishReason.CANCELLED;
    long end = System.nanoTime();
    listener.end();

    int further = tokens.answerSize() - 1;
    double perToken = further < 1 ? 0 : (end - first) / NANOS_PER_MILLI / further;
    return new Generation(
        prompt,
        tokens.answer(),
        reason,
        seed,
        new Timings(loadMillis, (first - start) / NANOS_PER_MILLI, perToken));
  }

  /** Goes on from the first token to the end. */
  private FinishReason finish(TokenSequence tokens) {
    while (true) {
      int token = tokens.last();
      if (isEnd(token)) {
        return FinishReason.END_TOKEN;
      }
      if (tokens.isFull()) {
        return FinishReason.LENGTH;
      }
      if (isCancelled()) {
        return FinishReason.CANCELLED;
      }
      take(tokens, session.read(token));
    }
  }

  private boolean isEnd(int token) {
    return Arrays.binarySearch(endTokens, token) >= 0;
  }

  /**
   * A notebook's stop button interrupts the thread that runs the cell, and nothing more. The rest
   * of the cell shall see what there is, so the interrupt ends here.
   */
  private boolean isCancelled() {
    if (Thread.interrupted()) {
      cancellation.cancel();
    }
    return cancellation.isCancelled();
  }

  /** Chooses the next token from the logits [vocabulary] and tells the listener. */
  private void take(TokenSequence tokens, float[] logits) {
    int token = choice.next(tokens, logits);
    tokens.add(token);
    listener.token(token);
  }
}

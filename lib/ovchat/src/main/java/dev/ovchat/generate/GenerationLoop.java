package dev.ovchat.generate;

import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The loop at the heart of it: read the prompt, choose a token, read that token, choose the next
 * one, until an end token comes or the answer is long enough. For one generation.
 */
final class GenerationLoop {
  private static final double NANOS_PER_MILLI = 1e6;

  private final CausalSession session;
  private final BitSet endTokens = new BitSet();
  private final GenerationListener listener;
  private final int[] answer;
  private int count;

  /**
   * @param endTokens ids that end the answer
   * @param limit the longest answer in tokens
   */
  GenerationLoop(
      CausalSession session, List<Integer> endTokens, int limit, GenerationListener listener) {
    this.session = session;
    this.listener = listener;
    this.answer = new int[limit];
    endTokens.forEach(this.endTokens::set);
  }

  Generation run(TokenIds prompt, double loadMillis) {
    long start = System.nanoTime();
    int token = take(session.read(prompt));
    long first = System.nanoTime();
    while (count < answer.length && !endTokens.get(token)) {
      stopIfInterrupted();
      token = take(session.read(token));
    }
    long end = System.nanoTime();
    listener.end();

    double perToken = count == 1 ? 0 : (end - first) / NANOS_PER_MILLI / (count - 1);
    return new Generation(
        prompt,
        TokenIds.of(Arrays.copyOf(answer, count)),
        endTokens.get(token) ? FinishReason.END_TOKEN : FinishReason.LENGTH,
        new Timings(loadMillis, (first - start) / NANOS_PER_MILLI, perToken));
  }

  /** A notebook's stop button interrupts the thread that runs the cell, and nothing more. */
  private void stopIfInterrupted() {
    if (Thread.interrupted()) {
      throw new GenerationException(
          "The generation was interrupted after %d tokens.".formatted(count));
    }
  }

  /** Chooses the next token from the logits [vocabulary] and tells the listener. */
  private int take(float[] logits) {
    int token = likeliest(logits);
    answer[count++] = token;
    listener.token(token);
    return token;
  }

  /** Greedy choice; of equal logits the first wins, as with transformers. */
  static int likeliest(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }
}

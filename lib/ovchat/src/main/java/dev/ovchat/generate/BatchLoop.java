package dev.ovchat.generate;

import dev.ovchat.cache.CausalSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Generates several completions at once, each in a row of the KV cache. The device reads the
 * weights once for all rows, which takes little longer than for one. A completion that is over
 * leaves the batch.
 */
final class BatchLoop {
  private final CausalSession session;
  private final Cancellation cancellation;

  /** Completions that are not over; {@link #rows} has the cache row of each of them. */
  private List<DecodingState> running;

  private int[] rows;

  /**
   * @param session a session with a row for each prompt
   * @param completions a list for each prompt, of one or more completions of it
   */
  BatchLoop(
      CausalSession session, List<List<DecodingState>> completions, Cancellation cancellation) {
    this.session = session;
    this.cancellation = cancellation;
    this.running = completions.stream().flatMap(List::stream).toList();
    this.rows =
        IntStream.range(0, completions.size())
            .flatMap(prompt -> completions.get(prompt).stream().mapToInt(completion -> prompt))
            .toArray();
  }

  /**
   * Goes on until all completions are over.
   *
   * @param prompts [prompts][tokens]
   */
  void run(int[][] prompts) {
    List<DecodingState> all = running;
    try {
      all.forEach(DecodingState::start);
      generate(prompts);
    } catch (RuntimeException | Error e) {
      all.forEach(completion -> completion.fail(e));
      throw e;
    }
  }

  private void generate(int[][] prompts) {
    if (cancellation.isRequested() || !session.read(prompts, 1, cancellation::isRequested)) {
      running.forEach(DecodingState::cancel);
      return;
    }
    running.forEach(completion -> completion.promptRead(0));
    boolean goesOn = take();
    while (goesOn && !running.isEmpty()) {
      goesOn =
          !cancellation.isRequested()
              && session.read(lastTokens(), 1, cancellation::isRequested)
              && take();
    }
    running.stream().filter(answer -> !answer.isOver()).forEach(DecodingState::cancel);
  }

  /** Chooses the next token of each; returns false if it was cancelled before all have theirs. */
  private boolean take() {
    List<DecodingState> goingOn = new ArrayList<>();
    int[] kept = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (cancellation.isRequested()) {
        return false;
      }
      running.get(i).take(session.logits(rows[i], 0));
      if (!running.get(i).isOver()) {
        kept[goingOn.size()] = rows[i];
        goingOn.add(running.get(i));
      }
    }
    kept = Arrays.copyOf(kept, goingOn.size());
    running = goingOn;
    rows = IntStream.range(0, kept.length).toArray();
    if (kept.length > 0) {
      session.keep(kept);
    }
    return true;
  }

  private int[][] lastTokens() {
    return running.stream().map(answer -> new int[] {answer.tokens().last()}).toArray(int[][]::new);
  }
}

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
  private List<GrowingAnswer> running;

  private int[] rows;

  /**
   * @param session a session with a row for each prompt
   * @param answers a list for each prompt, of one or more completions of it
   */
  BatchLoop(CausalSession session, List<List<GrowingAnswer>> answers, Cancellation cancellation) {
    this.session = session;
    this.cancellation = cancellation;
    this.running = answers.stream().flatMap(List::stream).toList();
    this.rows =
        IntStream.range(0, answers.size())
            .flatMap(prompt -> answers.get(prompt).stream().mapToInt(answer -> prompt))
            .toArray();
  }

  /**
   * Goes on until all completions are over.
   *
   * @param prompts [prompts][tokens]
   */
  void run(int[][] prompts) {
    List<GrowingAnswer> all = running;
    all.forEach(GrowingAnswer::start);
    try {
      answer(prompts);
    } catch (RuntimeException | Error e) {
      all.forEach(answer -> answer.fail(e));
      throw e;
    }
  }

  private void answer(int[][] prompts) {
    if (cancellation.isAskedFor() || !session.read(prompts, 1, cancellation::isAskedFor)) {
      running.forEach(GrowingAnswer::cancel);
      return;
    }
    running.forEach(answer -> answer.promptRead(0));
    boolean goesOn = take();
    while (goesOn && !running.isEmpty()) {
      goesOn =
          !cancellation.isAskedFor()
              && session.read(lastTokens(), 1, cancellation::isAskedFor)
              && take();
    }
    running.stream().filter(answer -> !answer.isOver()).forEach(GrowingAnswer::cancel);
  }

  /** Chooses the next token of each; returns false if it was cancelled before all have theirs. */
  private boolean take() {
    List<GrowingAnswer> goingOn = new ArrayList<>();
    int[] kept = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (cancellation.isAskedFor()) {
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

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
 *
 * <p>Where a response format forces tokens of all completions, they are read together with the last
 * ones: as many as in the row that has the fewest, so that no row is padded.
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
    boolean goesOn = take(1);
    while (goesOn && !running.isEmpty()) {
      goesOn = !cancellation.isRequested() && advance();
    }
    running.stream().filter(answer -> !answer.isOver()).forEach(DecodingState::cancel);
  }

  private boolean advance() {
    int[][] forced = running.stream().map(DecodingState::forced).toArray(int[][]::new);
    int fewest = Arrays.stream(forced).mapToInt(tokens -> tokens.length).min().orElseThrow();
    int[][] tokens = new int[forced.length][1 + fewest];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i][0] = running.get(i).tokens().last();
      System.arraycopy(forced[i], 0, tokens[i], 1, fewest);
    }
    return session.read(tokens, 1 + fewest, cancellation::isRequested) && take(1 + fewest);
  }

  /**
   * Chooses the next tokens of each.
   *
   * @param most how many; fewer where the completion is over
   * @return false if it was cancelled before all have theirs
   */
  private boolean take(int most) {
    List<DecodingState> goingOn = new ArrayList<>();
    int[] kept = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int index = 0; index < most && !running.get(i).isOver(); index++) {
        if (cancellation.isRequested()) {
          return false;
        }
        running.get(i).take(session.logits(rows[i], index));
      }
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
}

package dev.ovchat.generate;

import dev.ovchat.cache.PagedCache;
import dev.ovchat.cache.PagedRead;
import dev.ovchat.cache.PagedSequence;
import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.TokenIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Generates completions of any number of prompts on a KV cache in blocks. Prompts may be added at
 * any step, and a completion that is over leaves the batch, so that others take its place.
 *
 * <p>At each step the model reads a token of each completion, and beside them prompts in chunks: a
 * long prompt does not make the others wait. Where the cache is full, the completion that came last
 * gives its blocks back and waits; later its tokens are read again, and it goes on as if nothing
 * had been. Tokens that a response format forces are read together with the token before them.
 *
 * <p>For one thread at a time.
 */
final class ContinuousBatch implements AutoCloseable {
  /** Tokens that a step reads: enough to use the processor well, few enough to be soon over. */
  private static final int TOKENS_OF_A_STEP = 256;

  /** Tokens of prompts that a step reads at least, however many completions there are. */
  private static final int LEAST_OF_PROMPTS = 32;

  /** Completions at a time; more make no difference to the speed, but to each one's waiting. */
  private static final int MOST_AT_A_TIME = 128;

  private final PagedCache cache;
  private final Deque<Row> waiting = new ArrayDeque<>();
  private final List<Row> running = new ArrayList<>(); // those that came first are first

  /** A completion in the batch; at first it stands for all of its prompt. */
  private static final class Row {
    private final BatchedPrompt prompt;
    private final DecodingState state;
    private PagedSequence sequence;
    private int found; // tokens that were in the cache already
    private int[] forced = {}; // have to come next

    Row(BatchedPrompt prompt, DecodingState state) {
      this.prompt = prompt;
      this.state = state;
    }

    /**
     * Number of tokens that are not in the cache; below 1 until those that were forced are chosen.
     */
    int unread() {
      return state.tokens().size() - sequence.length();
    }

    /** The next tokens to read: those that are unread, and after them those that are forced. */
    TokenIds next(int count) {
      int from = sequence.length();
      int chosen = Math.min(count, unread());
      return TokenIds.of(state.tokens().copy(from, from + chosen))
          .plus(TokenIds.of(forced).first(count - chosen));
    }

    /** Looks for forced tokens. */
    void lookAhead() {
      forced = state.isOver() ? new int[0] : state.forced();
    }

    boolean isAtPrompt() {
      return state.tokens().completionSize() == 0;
    }
  }

  /**
   * @param cache an empty one, which is closed with this
   */
  ContinuousBatch(PagedCache cache) {
    this.cache = cache;
  }

  /** Adds a prompt. */
  void add(BatchedPrompt prompt) {
    try {
      prompt.start();
      waiting.add(new Row(prompt, prompt.first()));
    } catch (RuntimeException | Error e) { // of its listener
      prompt.fail(e);
    }
  }

  /** Tests whether there is nothing to do. */
  boolean isIdle() {
    return running.isEmpty() && waiting.isEmpty();
  }

  /**
   * Goes on by one step.
   *
   * @param isCancelled asked while the model reads
   * @return false if that was cancelled: the completions are, too, and this is of no more use
   */
  boolean step(BooleanSupplier isCancelled) {
    dropCancelled();
    Map<Row, PagedRead> reads = plan();
    if (reads.isEmpty()) {
      return true;
    }
    if (!cache.read(List.copyOf(reads.values()), isCancelled)) {
      cancelAll();
      return false;
    }
    reads.keySet().forEach(row -> cache.publish(row.sequence));
    take(reads);
    return true;
  }

  /** Ends all completions, as cancelled. */
  void cancelAll() {
    prompts().forEach(this::cancel);
  }

  /** Ends all completions, which cannot go on. */
  void failAll(Throwable reason) {
    prompts().forEach(prompt -> fail(prompt, reason));
  }

  private void dropCancelled() {
    prompts().stream().filter(BatchedPrompt::isCancelled).forEach(this::cancel);
  }

  private List<BatchedPrompt> prompts() {
    return Stream.concat(running.stream(), waiting.stream())
        .map(row -> row.prompt)
        .distinct()
        .toList();
  }

  private void cancel(BatchedPrompt prompt) {
    try {
      prompt.cancel();
    } catch (RuntimeException | Error e) { // of its listener
      fail(prompt, e);
      return;
    }
    remove(prompt);
    prompt.done();
  }

  private void fail(BatchedPrompt prompt, Throwable reason) {
    remove(prompt);
    prompt.fail(reason);
  }

  private void remove(BatchedPrompt prompt) {
    running.stream()
        .filter(row -> row.prompt.equals(prompt))
        .forEach(row -> cache.release(row.sequence));
    running.removeIf(row -> row.prompt.equals(prompt));
    waiting.removeIf(row -> row.prompt.equals(prompt));
  }

  /** Chooses what the next step reads, in this order, and takes the blocks for it. */
  private Map<Row, PagedRead> plan() {
    Map<Row, PagedRead> reads = new LinkedHashMap<>();
    long single = running.stream().filter(row -> row.unread() == 1).count();
    int left = Math.max(LEAST_OF_PROMPTS, TOKENS_OF_A_STEP - (int) single);
    for (int i = 0; i < running.size(); i++) { // rows may leave at the end
      Row row = running.get(i);
      boolean isSingle = row.unread() == 1;
      int count = isSingle ? 1 + Math.min(row.forced.length, left) : Math.min(row.unread(), left);
      if (count > 0 && plan(row, count, reads)) {
        left -= isSingle ? count - 1 : count;
      }
    }
    while (left > 0 && !waiting.isEmpty() && running.size() < MOST_AT_A_TIME && admit()) {
      Row row = running.get(running.size() - 1);
      int count = Math.min(row.unread(), left);
      left -= count;
      plan(row, count, reads);
    }
    return reads;
  }

  /** Adds the next tokens of a row, if there are blocks for them. */
  private boolean plan(Row row, int count, Map<Row, PagedRead> reads) {
    boolean hasBlocks = reserve(row, count);
    if (hasBlocks) {
      int wanted = Math.max(0, 1 + count - row.unread());
      reads.put(row, new PagedRead(row.sequence, row.next(count), wanted));
    }
    return hasBlocks;
  }

  /**
   * Lets the first of those that wait begin, if the cache has room for all its tokens, and for each
   * other completion to go on for a while.
   */
  private boolean admit() {
    Row row = waiting.element();
    begin(row);
    int more = row.unread() + (running.isEmpty() ? 0 : 1);
    if (cache.hasRoomFor(row.sequence, more, running.size())) {
      running.add(waiting.remove());
      return true;
    }
    cache.release(row.sequence);
    if (running.isEmpty()) {
      fail(row.prompt, tooLong(row));
    }
    return false;
  }

  private void begin(Row row) {
    TokenSequence tokens = row.state.tokens();
    row.sequence = cache.begin(tokens.copy(0, tokens.size()));
    row.found = row.sequence.length();
  }

  /** Takes the blocks for a row, if need be those of rows that came later. */
  private boolean reserve(Row row, int count) {
    while (!cache.reserve(row.sequence, count)) {
      Row last = running.get(running.size() - 1);
      if (last == row && running.size() == 1) {
        fail(row.prompt, tooLong(row));
        return false;
      }
      cache.release(last.sequence);
      running.remove(last);
      waiting.addFirst(last);
      if (last == row) {
        return false;
      }
    }
    return true;
  }

  private GenerationException tooLong(Row row) {
    return new GenerationException(
        String.format(
            Locale.ROOT,
            "The KV cache holds %,d tokens, but this prompt and its answer have %,d by now; give the"
                + " cache more memory, or set a smaller maxNewTokens.",
            cache.mostTokens(),
            row.state.tokens().size()));
  }

  /**
   * Chooses the next tokens of the rows whose tokens have all been read.
   *
   * @param reads what was read, in the order of the logits
   */
  private void take(Map<Row, PagedRead> reads) {
    int logits = 0;
    for (Map.Entry<Row, PagedRead> read : reads.entrySet()) {
      Row row = read.getKey();
      int wanted = read.getValue().wanted();
      if (wanted > 0 && running.contains(row)) { // not gone with another completion of its prompt
        try {
          take(row, logits, wanted);
        } catch (RuntimeException | Error e) {
          fail(row.prompt, e);
        }
      }
      logits += wanted;
    }
  }

  private void take(Row row, int logits, int wanted) {
    List<Row> choosing = new ArrayList<>(List.of(row));
    if (row.isAtPrompt()) {
      choosing.addAll(others(row));
    }
    for (Row one : choosing) {
      if (one.isAtPrompt()) {
        one.state.promptRead(row.found);
      }
      one.state.take(cache.logits(logits));
    }
    for (int index = 1; index < wanted && !row.state.isOver(); index++) {
      row.state.take(cache.logits(logits + index));
    }
    choosing.forEach(Row::lookAhead);
    choosing.stream().filter(one -> one.state.isOver()).forEach(this::leave);
    if (row.prompt.isOver()) {
      row.prompt.done();
    }
  }

  /** The other completions of a prompt that has just been read, each with its own copy of it. */
  private List<Row> others(Row first) {
    List<Row> others = new ArrayList<>();
    for (DecodingState state : first.prompt.completions()) {
      if (state != first.state) {
        var other = new Row(first.prompt, state);
        other.sequence = cache.copy(first.sequence);
        others.add(other);
      }
    }
    running.addAll(running.indexOf(first) + 1, others);
    return others;
  }

  private void leave(Row row) {
    running.remove(row);
    cache.release(row.sequence);
  }

  @Override
  public void close() {
    cache.close();
  }
}

package dev.ovchat.generate;

import dev.ovchat.checkpoint.ModelConfig;
import dev.ovchat.openvino.CompiledModel;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * One sequence in the model's KV cache. Its last tokens can be taken back, and what it has in
 * common with the next sequence is not read again.
 *
 * <p>Tokens that are taken back leave dead slots behind. Those do no harm as long as all slots are
 * below the model's sliding window, which counts slots and would push out tokens that count. Past
 * it, the sequence is read again into a new cache.
 */
final class CachedSequence implements AutoCloseable {
  private final CompiledModel model;
  private final int mostSlots; // up to which dead ones do no harm
  private CausalSession session;
  private int[] ids = new int[256];
  private int size;

  CachedSequence(CompiledModel model, ModelConfig config) {
    this.model = model;
    this.mostSlots =
        Math.min(
            config.maxPositionEmbeddings(),
            config.slidingWindow().orElse(config.maxPositionEmbeddings()));
    this.session = new CausalSession(model, 1);
  }

  /** How many tokens are in the cache. */
  int size() {
    return size;
  }

  /** How many tokens may still be read and taken back without harm. */
  int room() {
    return mostSlots - session.slots();
  }

  /**
   * Keeps what the sequence has in common with the beginning of another one.
   *
   * @return how many tokens that is: all but one at most, since the last one has to be read for its
   *     logits
   */
  int keepPrefixOf(int[] sequence) {
    int common = Arrays.mismatch(ids, 0, size, sequence, 0, sequence.length);
    int kept = Math.min(common < 0 ? size : common, sequence.length - 1);
    rollBack(size - kept);
    return kept;
  }

  /**
   * Reads more tokens.
   *
   * @param wanted how many of the last tokens' logits are asked for
   * @param givesUp asked on the way
   * @return whether it was read to the end; if not, the cache is empty
   */
  boolean read(int[] tokens, int wanted, BooleanSupplier givesUp) {
    int[] unread = toRead(tokens);
    boolean done = false;
    try {
      done = session.read(new int[][] {unread}, wanted, givesUp);
    } finally {
      forgetUnless(done);
    }
    return done;
  }

  /** Reads few tokens, which cannot be given up. */
  void read(int[] tokens, int wanted) {
    int[] unread = toRead(tokens);
    boolean done = false;
    try {
      session.read(new int[][] {unread}, wanted);
      done = true;
    } finally {
      forgetUnless(done);
    }
  }

  /** The logits [vocabulary] of what follows a token, as {@link CausalSession#logits}. */
  float[] logits(int place) {
    return session.logits(0, place);
  }

  /** Takes the last tokens back. */
  void rollBack(int tokens) {
    if (tokens > 0) {
      session.rollBack(tokens);
      size -= tokens;
    }
  }

  /** These tokens; or the whole sequence, where the cache cannot go on. */
  private int[] toRead(int[] tokens) {
    boolean hasDeadSlots = session.slots() > size;
    boolean renews = hasDeadSlots && (size == 0 || tokens.length > room());
    append(tokens);
    if (!renews) {
      return tokens;
    }
    renew();
    return Arrays.copyOf(ids, size);
  }

  private void append(int[] tokens) {
    if (size + tokens.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size + tokens.length, 2 * ids.length));
    }
    System.arraycopy(tokens, 0, ids, size, tokens.length);
    size += tokens.length;
  }

  /** A request that was cancelled or failed cannot be used again. */
  private void forgetUnless(boolean done) {
    if (!done) {
      renew();
      size = 0;
    }
  }

  private void renew() {
    session.close();
    session = new CausalSession(model, 1);
  }

  @Override
  public void close() {
    session.close();
  }
}

package dev.ovchat.cache;

import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.text.PrintingThread;
import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * One sequence in the model's KV cache. Its last tokens can be taken back, and what it has in
 * common with the next sequence is not read again.
 *
 * <p>Tokens that are taken back leave masked cache positions. Those do no harm as long as all
 * positions are below the model's sliding window, which counts positions and would push out tokens
 * that are not masked. Past it, the cache is reset: the sequence is read again into a new one. A
 * cache in blocks masks nothing. Where a model allows no masks, the cache is reset whenever a token
 * was taken back.
 *
 * <p>Closing it does not wait for a thread that works on it, but asks for an end and leaves the
 * freeing to that thread: the thread that closes may be the one that is waited for, such as the
 * receiver of an answer's text.
 */
public final class CachedSequence implements AutoCloseable {
  /** Reads of at most so many tokens are not cancelled: a step of a generation, with its draft. */
  private static final int FEW = 32;

  private final ReentrantLock lock = new ReentrantLock();
  private final CompiledModel model;
  private final int mostPositions;
  private CausalSession session;
  private boolean broken; // the session, by a reading that was cancelled or failed
  private volatile boolean closed;
  private volatile Thread owner; // of the lock
  private Runnable whenUnused = () -> {};
  private int resets;
  private int[] ids = new int[256];
  private int size;

  /**
   * An empty sequence in a cache of its own.
   *
   * @param mostPositions the number of positions up to which masked ones do no harm, see {@link
   *     CacheTraits#mostPositions}
   */
  public CachedSequence(CompiledModel model, int mostPositions) {
    this.model = model;
    this.mostPositions = mostPositions;
    this.session = CausalSession.of(model, 1);
  }

  /**
   * Sets what is done when this is closed and nobody works on it any more, which may be some time
   * after {@link #close()}.
   *
   * @param whenUnused may be run more than once
   */
  public void whenUnused(Runnable whenUnused) {
    this.whenUnused = whenUnused;
  }

  /**
   * Works on the sequence, which only one thread does at a time.
   *
   * @throws IllegalStateException if the thread that works on it waits for this one
   */
  public <T> T alone(Supplier<T> work) {
    requireNotAwaited();
    lock.lock();
    Thread before = owner;
    owner = Thread.currentThread();
    try {
      return work.get();
    } finally {
      owner = before;
      lock.unlock();
      freeIfUnused();
    }
  }

  private void requireNotAwaited() {
    if (owner != null && owner == PrintingThread.generating()) {
      throw new IllegalStateException(
          "The receiver of an answer's text cannot ask or change what is answering, which waits for"
              + " it. Do so when the answer is over.");
    }
  }

  private void freeIfUnused() {
    if (closed && lock.tryLock()) {
      try {
        if (lock.getHoldCount() == 1) { // and not closed by the work itself
          session.close();
          whenUnused.run();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Number of tokens that may still be read and taken back without harm; below 0 past the window.
   */
  public int room() {
    return mostPositions - session.positions();
  }

  /** Number of cache resets: how often the sequence had to be read again into a new cache. */
  public int resets() {
    return resets;
  }

  /**
   * Keeps the prefix that the sequence has in common with another one.
   *
   * @return the number of tokens kept: all but one at most, since the last one has to be read for
   *     its logits
   */
  public int keepPrefixOf(int[] sequence) {
    int common = Arrays.mismatch(ids, 0, size, sequence, 0, sequence.length);
    int kept = Math.min(common < 0 ? size : common, sequence.length - 1);
    rollBack(size - kept);
    if (cannotTake(sequence.length - kept)) {
      size = 0;
    }
    return size;
  }

  /**
   * Reads more tokens. The reading of a few is not cancelled, since the whole cache would be lost.
   *
   * @param wanted the number of last tokens whose logits are asked for
   * @param isCancelled asked on the way
   * @return whether it was read to the end; if not, the cache is empty
   */
  public boolean read(int[] tokens, int wanted, BooleanSupplier isCancelled) {
    int[] unread = toRead(tokens);
    boolean done = false;
    try {
      done =
          session.read(
              new int[][] {unread}, wanted, unread.length > FEW ? isCancelled : () -> false);
    } finally {
      if (!done) {
        broken = true;
        size = 0;
      }
    }
    return done;
  }

  /**
   * Reads a prompt and a completion, but for its last token, as the generation that wrote it read
   * them: the prompt at once, and then token by token. In less than full precision one pass over
   * both rounds differently, and where two tokens are nearly equally probable its most probable
   * token may not be the completion's. For an empty cache.
   *
   * @param prompt one token or more
   * @param isCancelled asked on the way
   * @param next receives the index of each token of the completion, when this has the logits that
   *     it was chosen from
   * @return whether it was read to the end
   */
  public boolean readAgain(
      TokenIds prompt, TokenIds completion, BooleanSupplier isCancelled, IntConsumer next) {
    int[] unread = prompt.toArray();
    for (int index = 0; index < completion.size(); index++) {
      if (isCancelled.getAsBoolean() || !read(unread, 1, isCancelled)) {
        return false;
      }
      next.accept(index);
      unread = new int[] {completion.get(index)};
    }
    return true;
  }

  /**
   * The logits [vocabulary] of the token that follows a token; same as {@link
   * CausalSession#logits}.
   */
  public float[] logits(int index) {
    return session.logits(0, index);
  }

  /** Takes the last tokens back. */
  public void rollBack(int tokens) {
    if (tokens > 0) {
      session.rollBack(tokens);
      size -= tokens;
    }
  }

  /** The tokens to read: these, or the whole sequence, where the cache cannot go on. */
  private int[] toRead(int[] tokens) {
    boolean isReset = cannotTake(tokens.length);
    append(tokens);
    if (!isReset) {
      return tokens;
    }
    session.close();
    session = CausalSession.of(model, 1);
    broken = false;
    resets++;
    return Arrays.copyOf(ids, size);
  }

  /**
   * Tests whether the cache has to be reset: masked positions would push out unmasked ones, all of
   * them are masked, or a read failed.
   */
  private boolean cannotTake(int tokens) {
    boolean hasMasked = session.positions() > size;
    return broken || (hasMasked && (size == 0 || tokens > room()));
  }

  private void append(int[] tokens) {
    if (size + tokens.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size + tokens.length, 2 * ids.length));
    }
    System.arraycopy(tokens, 0, ids, size, tokens.length);
    size += tokens.length;
  }

  /**
   * Refuses work that begins after the end.
   *
   * @throws IllegalStateException if this is closed
   */
  public void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "This chat or session is closed. Make it again; in a notebook, run its cell again.");
    }
  }

  /** Tests whether this is closed; work on it may still go on. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    freeIfUnused();
  }
}

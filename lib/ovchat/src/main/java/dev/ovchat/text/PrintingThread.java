package dev.ovchat.text;

import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands text on from a thread of its own, in order. What comes while the receiver is busy goes to
 * it together.
 *
 * <p>A notebook takes longer to show a piece of text than a small model takes to generate it, and
 * where a cell is stopped while it prints, its printing fails. Neither shall hold up or break the
 * generation.
 */
public final class PrintingThread {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "ovchat text");
            thread.setDaemon(true);
            return thread;
          });

  /** Thread whose text the current thread hands on; that one will wait for it. */
  private static final ThreadLocal<Thread> GENERATING = new ThreadLocal<>();

  private final Consumer<String> receiver;
  private final StringBuilder waiting = new StringBuilder();
  private boolean busy;
  private Throwable failure;

  /** Hands text on to a receiver. */
  public PrintingThread(Consumer<String> receiver) {
    this.receiver = receiver;
  }

  /**
   * Hands a piece on soon.
   *
   * @throws RuntimeException the receiver's own, for an earlier piece
   */
  public synchronized void handOn(String piece) {
    throwFailure();
    waiting.append(piece);
    if (!busy && waiting.length() > 0) {
      busy = true;
      Thread generating = Thread.currentThread();
      THREADS.execute(() -> work(generating));
    }
  }

  /**
   * Waits until all text has been handed on. An interrupt is meant to stop the generation, which is
   * over: then this waits for a second more, since a receiver may be stuck. One that is {@link
   * Flushable} is flushed.
   *
   * @throws RuntimeException the receiver's own
   */
  public synchronized void finish() {
    try {
      while (busy) {
        wait();
      }
    } catch (InterruptedException stopped) {
      waitForASecond();
    }
    throwFailure();
    if (!busy && receiver instanceof Flushable flushable) {
      flush(flushable);
    }
  }

  private static void flush(Flushable receiver) {
    try {
      receiver.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("The receiver of the text cannot be flushed: " + e, e);
    }
  }

  private void waitForASecond() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    try {
      for (long left = end - System.nanoTime(); busy && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException stoppedAgain) {
      Thread.currentThread().interrupt();
    }
  }

  private void throwFailure() {
    Throwable thrown = failure;
    failure = null;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (thrown != null) {
      throw new IllegalStateException("The receiver of the text failed: " + thrown, thrown);
    }
  }

  /** The thread whose generation waits for this one to receive its text; null where none does. */
  public static Thread generating() {
    return GENERATING.get();
  }

  /**
   * Work for another thread that this one will wait for, such as a tool that an answer calls: what
   * is refused to the receiver of the answer's text is refused to it.
   */
  public static <T> Callable<T> awaited(Callable<T> work) {
    Thread waiting = Thread.currentThread();
    return () -> {
      GENERATING.set(waiting);
      try {
        return work.call();
      } finally {
        GENERATING.remove();
      }
    };
  }

  private void work(Thread generating) {
    GENERATING.set(generating);
    try {
      for (String text = next(); !text.isEmpty(); text = next()) {
        receiver.accept(text);
      }
    } catch (Throwable e) { // also a checked one that was thrown without being declared
      fail(e);
    } finally {
      GENERATING.remove();
    }
  }

  /** Takes the text that waits; once it is all taken, the work is done. */
  private synchronized String next() {
    String text = waiting.toString();
    waiting.setLength(0);
    if (text.isEmpty()) {
      busy = false;
      notifyAll();
    }
    return text;
  }

  private synchronized void fail(Throwable e) {
    failure = e;
    waiting.setLength(0);
    busy = false;
    notifyAll();
  }
}

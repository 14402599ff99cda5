package dev.ovchat.widget;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The listener of one widget. It runs on a thread of its own, so that the kernel can answer, and
 * never twice at a time: of the values that arrive while it runs it gets the last.
 */
final class Callbacks<T> {
  private static final int SLOW_SECONDS = 5;
  private static final AtomicInteger THREADS = new AtomicInteger();
  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "widget " + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
  private static final Executor SLOW_CHECK =
      CompletableFuture.delayedExecutor(SLOW_SECONDS, TimeUnit.SECONDS, POOL);

  private final Consumer<T> listener;
  private final boolean saysIfSlow;
  private final Consumer<String> complaints;
  private T waiting;
  private boolean isRunning;
  private int run;

  /**
   * @param saysIfSlow whether a listener that takes long is a complaint
   * @param complaints receives a sentence where the listener fails or takes long, and an empty text
   *     when all is well again
   */
  Callbacks(Consumer<T> listener, boolean saysIfSlow, Consumer<String> complaints) {
    this.listener = listener;
    this.saysIfSlow = saysIfSlow;
    this.complaints = complaints;
  }

  /** Hands a value to the listener, at once or when it has ended. */
  synchronized void call(T value) {
    waiting = value;
    if (!isRunning) {
      isRunning = true;
      POOL.execute(this::runAll);
    }
  }

  private void runAll() {
    for (T value = next(); value != null; value = next()) {
      int number = run;
      if (saysIfSlow) {
        SLOW_CHECK.execute(() -> complainIfStillRunning(number));
      }
      end(problemWith(value));
    }
  }

  /** Next value; null where none waits, and then the thread ends. */
  private synchronized T next() {
    T value = waiting;
    waiting = null;
    isRunning = value != null;
    return value;
  }

  /** Ends a run, after which nobody says any more that it is slow. */
  private synchronized void end(String problem) {
    run++;
    complaints.accept(problem);
  }

  /** Whatever a listener throws, it is called again for the next value. */
  private String problemWith(T value) {
    try {
      listener.accept(value);
      return "";
    } catch (Exception | Error e) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
  }

  private synchronized void complainIfStillRunning(int number) {
    if (isRunning && run == number) {
      complaints.accept(
          "The listener has been running for "
              + SLOW_SECONDS
              + " seconds. Newer values wait until it ends.");
    }
  }
}

package dev.ovchat.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs tasks on all cores. The first failure, or an interrupt, stops those that have not begun.
 *
 * <p>It works even when no memory is left: everything that a failure needs is allocated before the
 * first task, and no thread has to be replaced.
 */
final class Workers<T> {
  private final List<Callable<T>> tasks;
  private final List<T> results;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  private Workers(List<Callable<T>> tasks) {
    this.tasks = tasks;
    this.results = new ArrayList<>(Collections.nCopies(tasks.size(), null));
  }

  /**
   * Runs all tasks and returns their results in order. When it returns or throws, no task runs any
   * more: files and memory that they used are free.
   *
   * @throws ExecutionException if one failed, with the first one's reason as the cause
   */
  static <T> List<T> run(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
    return new Workers<>(tasks).run();
  }

  private List<T> run() throws InterruptedException, ExecutionException {
    Thread[] threads =
        new Thread[Math.min(Runtime.getRuntime().availableProcessors(), tasks.size())];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(this::work, "ovchat-export");
      threads[i].setDaemon(true);
    }
    try {
      for (int i = 0; i < threads.length; i++) {
        threads[i].start();
      }
      for (int i = 0; i < threads.length; i++) {
        threads[i].join();
      }
    } finally {
      stopped = true;
      waitFor(threads);
    }
    if (failure.get() != null) {
      throw new ExecutionException(failure.get());
    }
    return results;
  }

  private void work() {
    try {
      for (int i = next.getAndIncrement();
          i < tasks.size() && !stopped;
          i = next.getAndIncrement()) {
        results.set(i, tasks.get(i).call());
      }
    } catch (Throwable e) { // belongs to the thread that waits
      failure.compareAndSet(null, e);
      stopped = true;
    }
  }

  /** Waits, without an iterator, for which there may be no memory. */
  private static void waitFor(Thread[] threads) {
    boolean interrupted = false;
    for (int i = 0; i < threads.length; i++) {
      while (threads[i].isAlive()) {
        try {
          threads[i].join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

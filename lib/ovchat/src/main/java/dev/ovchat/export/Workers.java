package dev.ovchat.export;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks on all cores. The first failure, or an interrupt, stops those that have not begun. */
final class Workers implements AutoCloseable {
  private final ExecutorService pool;
  private volatile boolean stopped;

  Workers() {
    int cores = Runtime.getRuntime().availableProcessors();
    pool =
        Executors.newFixedThreadPool(
            cores,
            task -> {
              Thread thread = new Thread(task, "ovchat-export");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs all tasks, and gives their results in their order.
   *
   * @throws ExecutionException if one failed, with its reason as the cause
   */
  <T> List<T> run(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> task : tasks) {
      futures.add(pool.submit(() -> stopped ? null : attempt(task)));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }

  private <T> T attempt(Callable<T> task) throws Exception {
    try {
      return task.call();
    } catch (Exception | Error e) {
      stopped = true;
      throw e;
    }
  }

  /** Waits for the tasks that have begun: after it none of them reads or writes. */
  @Override
  public void close() {
    stopped = true;
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

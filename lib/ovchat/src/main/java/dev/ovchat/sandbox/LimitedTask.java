package dev.ovchat.sandbox;

import dev.ovchat.sandbox.SandboxException.Reason;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work in a sandbox on a thread of its own, which is interrupted when it takes too long: of the
 * processor's time, since a busy machine must not fail.
 */
public final class LimitedTask {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /**
   * Stack size that is enough for the modules' own limits on nesting, however deep the caller
   * stands.
   */
  private static final long STACK_BYTES = 64L << 20;

  private final String name;
  private final Duration longest;
  private final boolean isInterruptible;

  /**
   * @param name the name of the thread
   * @param isInterruptible true if an interrupt of the caller ends the work. In any case the
   *     thread's interrupt flag is left for what comes after it
   */
  public LimitedTask(String name, Duration longest, boolean isInterruptible) {
    this.name = name;
    this.longest = longest;
    this.isInterruptible = isInterruptible;
  }

  /**
   * Does the work, and waits for it.
   *
   * @throws SandboxException if it takes too long, or is interrupted
   * @throws RuntimeException if the work throws it
   */
  public <T> T run(Callable<T> work) {
    var task = new FutureTask<>(work);
    var thread = new Thread(null, task, name, STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return result(task, thread);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException("The sandbox failed: " + e.getCause(), e);
    } finally {
      thread.interrupt();
    }
  }

  private <T> T result(FutureTask<T> task, Thread thread) throws ExecutionException {
    boolean wasInterrupted = false;
    try {
      while (true) {
        try {
          return task.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          wasInterrupted = true;
          if (isInterruptible) {
            throw new SandboxException(Reason.INTERRUPTED, e);
          }
        } catch (TimeoutException e) {
          requireTime(thread, e);
        }
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void requireTime(Thread thread, TimeoutException e) {
    long nanos = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    if (nanos > longest.toNanos()) {
      throw new SandboxException(Reason.TOO_LONG, e);
    }
  }
}

package dev.ovchat.system;

import java.util.function.Supplier;

/**
 * Runs work with the thread's interrupt flag cleared: a thread that has been interrupted would
 * close the kernel's socket if it wrote to it.
 */
public final class Uninterrupted {

  private Uninterrupted() {}

  /** Runs the work; an interrupt that came before is there again afterwards. */
  public static void run(Runnable work) {
    get(
        () -> {
          work.run();
          return true;
        });
  }

  /** Same as {@link #run}, for work that has a result. */
  public static <T> T get(Supplier<T> work) {
    boolean isInterrupted = Thread.interrupted();
    try {
      return work.get();
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

package dev.ovchat.system;

/**
 * Runs work with the thread's interrupt flag cleared: a thread that has been interrupted would
 * close the kernel's socket if it wrote to it.
 */
public final class Uninterrupted {

  private Uninterrupted() {}

  /** Runs the work; an interrupt that came before is there again afterwards. */
  public static void run(Runnable work) {
    boolean isInterrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

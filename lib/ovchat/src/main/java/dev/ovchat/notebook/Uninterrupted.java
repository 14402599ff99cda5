package dev.ovchat.notebook;

/** A thread that has been interrupted would close the kernel's socket if it wrote to it. */
final class Uninterrupted {

  private Uninterrupted() {}

  /** Does it; an interrupt that came before is there again afterwards. */
  static void run(Runnable work) {
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

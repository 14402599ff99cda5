package dev.ovchat.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C, or another signal that ends the process: the thread that works is interrupted, and the
 * process lives until it has cleaned up.
 */
final class Interruption {
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean hasCome;

  private Interruption() {}

  /** Watches over the calling thread. */
  static Interruption ofThisThread() {
    Interruption interruption = new Interruption();
    Thread worker = Thread.currentThread();
    Thread hook = new Thread(() -> interruption.pass(worker), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return interruption;
  }

  private void pass(Thread worker) {
    if (over.getCount() == 0) { // an ordinary exit
      return;
    }
    hasCome = true;
    worker.interrupt();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that to a hook
    }
  }

  boolean hasCome() {
    return hasCome;
  }

  /** Nothing is left to clean up. */
  void end() {
    over.countDown();
  }
}

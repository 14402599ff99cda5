package dev.ovchat.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Handler of Ctrl-C and other signals that end the process: it interrupts the working thread, and
 * keeps the process alive until that has cleaned up.
 */
final class Interruption {
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean hasCome;

  private Interruption() {}

  /** Installs the handler for the calling thread. */
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

  /** Lets the process end: nothing is left to clean up. */
  void end() {
    over.countDown();
  }
}

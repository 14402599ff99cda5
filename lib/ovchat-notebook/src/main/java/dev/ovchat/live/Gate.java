package dev.ovchat.live;

/** A gate that work passes between two steps. While it is shut, the work waits. */
final class Gate {
  private boolean isShut;

  synchronized boolean isShut() {
    return isShut;
  }

  synchronized void shut() {
    isShut = true;
  }

  synchronized void open() {
    isShut = false;
    notifyAll();
  }

  /** Waits until it is open, or the thread is interrupted, whose interrupt flag is then set. */
  synchronized void pass() {
    try {
      while (isShut) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

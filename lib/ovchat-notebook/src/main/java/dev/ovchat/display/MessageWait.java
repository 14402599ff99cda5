package dev.ovchat.display;

import java.lang.reflect.Method;
import java.util.function.LongSupplier;

/**
 * A kernel's wait for the next message of a page. Both kernels look for one, handle it, and sleep
 * for 50 ms: a slider's move lies there for half of that on average, and messages that come
 * together are handled one every 50 ms. This wait ends when a message comes.
 */
final class MessageWait {
  private static final long MOST_MS = 50; // then the kernel's loop looks whether it is to end
  private static final int INCOMING = 1; // ZMQ's POLLIN

  private MessageWait() {}

  /**
   * Replaces the wait between messages.
   *
   * @param shell the kernel's channel for cells and messages; this thread is the one that reads it
   */
  static void replaceIn(Object shell) throws ReflectiveOperationException {
    Object context = PrivateFields.get(shell, "ctx");
    Object poller = context.getClass().getMethod("poller", int.class).invoke(context, 1);
    Class<?> socket =
        shell.getClass().getSuperclass().getSuperclass(); // of ZMQ, which JJava renames
    poller.getClass().getMethod("register", socket, int.class).invoke(poller, shell, INCOMING);
    Method poll = poller.getClass().getMethod("poll", long.class);
    Object loop = PrivateFields.get(shell, "ioloop");
    LongSupplier handleNext = (LongSupplier) PrivateFields.get(loop, "loopBody");
    PrivateFields.set(
        loop, "loopBody", (LongSupplier) () -> waitAndHandle(poller, poll, handleNext));
  }

  /** Returns how long the loop is to sleep, in ms. */
  private static long waitAndHandle(Object poller, Method poll, LongSupplier handleNext) {
    try {
      poll.invoke(poller, MOST_MS);
    } catch (ReflectiveOperationException e) { // the other channel has just ended the kernel
      return handleNext.getAsLong();
    }
    long sleep = handleNext.getAsLong();
    // A sleep ends the loop of an interrupted thread, where a poll would return at once and for
    // ever.
    return Thread.currentThread().isInterrupted() ? sleep : 0;
  }
}

package dev.ovchat.display;

import dev.ovchat.system.Uninterrupted;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Buffer of printed text on its way to the front end. A kernel sends a message for each print;
 * thousands of them at a time are more than it and a front end can take, and some are then lost
 * silently. So prints in quick succession are sent in one message: those of all threads and of both
 * streams, in their order.
 *
 * <p>Nothing is lost: a thread that prints faster than text is sent waits.
 */
final class CellOutput {
  private static final long PAUSE_MILLIS = 20;
  private static final int LONGEST_MESSAGE = 1 << 18; // characters: 13 million a second
  private static final Executor SOON =
      CompletableFuture.delayedExecutor(
          PAUSE_MILLIS,
          TimeUnit.MILLISECONDS,
          Executors.newSingleThreadExecutor(
              task -> {
                Thread thread = new Thread(task, "ovchat output");
                thread.setDaemon(true);
                return thread;
              }));

  private final StringBuilder waiting = new StringBuilder();
  private Consumer<String> receiver = text -> {};
  private boolean isTimed;

  /**
   * Adds a text, which is sent soon.
   *
   * @param receiver sends a text to one stream of one cell; a text for another one is sent in
   *     another message
   */
  synchronized void add(Consumer<String> receiver, String text) {
    if (receiver != this.receiver) {
      flush();
      this.receiver = receiver;
    }
    for (int start = 0; start < text.length(); ) {
      waitForRoom();
      int end = end(text, start, LONGEST_MESSAGE - waiting.length());
      waiting.append(text, start, end);
      start = end;
    }
    if (!isTimed && waiting.length() > 0) {
      isTimed = true;
      SOON.execute(this::flushInTime);
    }
  }

  /** End of a piece of at most this length, or one char more rather than split a surrogate pair. */
  private static int end(String text, int start, int room) {
    int end = Math.min(text.length(), start + room);
    boolean splits =
        end < text.length()
            && Character.isHighSurrogate(text.charAt(end - 1))
            && Character.isLowSurrogate(text.charAt(end));
    return splits ? end + 1 : end;
  }

  private void waitForRoom() {
    if (waiting.length() < LONGEST_MESSAGE) {
      return;
    }
    Uninterrupted.run(
        () -> {
          try {
            TimeUnit.MILLISECONDS.timedWait(this, PAUSE_MILLIS); // it may be sent meanwhile
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    flush();
  }

  private synchronized void flushInTime() {
    isTimed = false;
    flush();
    notifyAll();
  }

  /** Sends the text that has not been sent yet. */
  synchronized void flush() {
    if (waiting.length() > 0) {
      String text = waiting.toString();
      waiting.setLength(0);
      Uninterrupted.run(() -> receiver.accept(text));
    }
  }
}

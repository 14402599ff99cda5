package dev.ovchat.export;

import dev.ovchat.progress.Progress;
import java.time.Duration;
import java.util.function.Consumer;

/** Counts the bytes that all threads have done, and notifies the listener. */
final class ProgressMeter {
  private static final long MEGABYTE = 1_000_000;

  private final Consumer<Progress> listener;
  private final long allBytes;
  private final long start = System.nanoTime();
  private long doneBytes;

  /**
   * @param allBytes number of bytes of the checkpoint to work on; those that are worked on twice
   *     count twice
   */
  ProgressMeter(Consumer<Progress> listener, long allBytes) {
    this.listener = listener;
    this.allBytes = allBytes;
  }

  synchronized void done(String what, long bytes) {
    doneBytes += bytes;
    listener.accept(new Progress(what, megabytes(doneBytes), megabytes(allBytes), "MB", elapsed()));
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Megabytes, rounded up: a part of the last one counts as one. */
  private static long megabytes(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }
}

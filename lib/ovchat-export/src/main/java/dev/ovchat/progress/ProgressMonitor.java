package dev.ovchat.progress;

import dev.ovchat.files.FileNames;
import dev.ovchat.system.SystemMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Monitors work from another thread, and shows its progress on a line until it ends. */
record ProgressMonitor(ProgressLine line, String what, Counted counted) {
  static final Counted NOTHING_TO_COUNT = new Counted(() -> 0, 0);
  private static final long PAUSE_MILLIS = 250;
  private static final long MEGABYTE = 1_000_000;

  /**
   * A count in megabytes.
   *
   * @param total the total; 0 if unknown
   */
  record Counted(LongSupplier done, long total) {

    /** Counts the memory that this process takes from now on, of the weights' size. */
    static Counted weights(Path modelDirectory) {
      long before = resident();
      long total;
      try {
        total = Files.size(modelDirectory.resolve(FileNames.IR_WEIGHTS)) / MEGABYTE;
      } catch (IOException missing) { // the load will say so
        total = 0;
      }
      // Other memory is taken, too: all may seem there before the end.
      long most = Math.max(0, total - 1);
      return new Counted(() -> Math.max(0, Math.min(most, resident() - before)), total);
    }

    private static long resident() {
      return SystemMemory.here().resident().orElse(0) / MEGABYTE;
    }
  }

  /** Runs the work in this thread; another thread monitors it, and ends with it. */
  <T> T during(Supplier<T> work) {
    long start = System.nanoTime();
    CountDownLatch isOver = new CountDownLatch(1);
    Thread monitoring = new Thread(() -> monitor(start, isOver), "ovchat-progress");
    monitoring.setDaemon(true);
    monitoring.start();
    String ended = "stopped";
    try {
      T result = work.get();
      ended = "done";
      return result;
    } finally {
      isOver.countDown();
      line.end("%s: %s in %s".formatted(what, ended, ProgressText.time(since(start))));
    }
  }

  private void monitor(long start, CountDownLatch isOver) {
    try {
      do {
        line.accept(progress(start));
      } while (!isOver.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) { // nobody does: but then it is over, too
      Thread.currentThread().interrupt();
    }
  }

  private Progress progress(long start) {
    long done = counted.done().getAsLong();
    return new Progress(what, done, counted.total(), "MB", since(start));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}

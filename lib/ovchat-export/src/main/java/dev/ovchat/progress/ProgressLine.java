package dev.ovchat.progress;

import dev.ovchat.message.Visible;
import dev.ovchat.system.Uninterrupted;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One line in a cell that shows the progress of long work, with its rate and the time left. It is
 * overwritten at most five times a second. In a plain Java program it is a line on standard output.
 *
 * <pre>{@code
 * experiment.run(configs, csv, new ProgressLine());
 * var model = ProgressLine.loading(modelDir, () -> CausalLM.load(modelDir, device, ovConfig));
 * }</pre>
 *
 * <p>An instance serves one piece of work. It accepts progress from any thread.
 */
public final class ProgressLine implements Consumer<Progress>, AutoCloseable {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

  private final StatusLine line;
  private final LongSupplier nanos;
  private final Executor later;
  private Progress latest;
  private long nextWrite;
  private boolean isWaiting;
  private boolean isEnded;

  /** Creates a line in the running cell, or on standard output outside a kernel. */
  public ProgressLine() {
    this(StatusLine.here());
  }

  private ProgressLine(StatusLine line) {
    this(
        line,
        System::nanoTime,
        CompletableFuture.delayedExecutor(PAUSE, TimeUnit.NANOSECONDS)); // its thread is a daemon
  }

  /**
   * Creates a line on standard output, which has to be a terminal.
   *
   * @param columns the terminal's width; a longer text is cut
   */
  public static ProgressLine onTerminal(int columns) {
    return new ProgressLine(new StatusLine.OnTerminal(System.out, columns));
  }

  /**
   * @param nanos the current time in nanoseconds
   * @param later runs tasks after a pause
   */
  ProgressLine(StatusLine line, LongSupplier nanos, Executor later) {
    this.line = line;
    this.nanos = nanos;
    this.later = later;
    this.nextWrite = nanos.getAsLong();
  }

  /**
   * Writes this progress; if a text was just written, the latest progress is written after a pause.
   */
  @Override
  public synchronized void accept(Progress progress) {
    latest = progress;
    if (progress.isOver()) {
      end(ProgressText.of(progress));
    } else if (nanos.getAsLong() - nextWrite >= 0) {
      writeLatest();
    } else if (!isWaiting) {
      isWaiting = true;
      later.execute(this::writeLatest);
    }
  }

  private synchronized void writeLatest() {
    isWaiting = false;
    if (!isEnded) {
      write(ProgressText.of(latest));
      nextWrite = nanos.getAsLong() + PAUSE;
    }
  }

  /** Writes the last text; later progress is ignored. */
  synchronized void end(String text) {
    if (!isEnded) {
      isEnded = true;
      write(text);
      line.end();
    }
  }

  /** Ends the line if the work ended early, for instance by an error. */
  @Override
  public synchronized void close() {
    if (latest != null && !isEnded) {
      end(ProgressText.of(latest));
    }
  }

  private void write(String text) {
    Uninterrupted.run(() -> line.write(Visible.onOneLine(text)));
  }

  /**
   * Runs the work, and shows meanwhile how long it has taken.
   *
   * @param what the name of the work, for instance {@code Exporting the model}
   */
  public static <T> T during(String what, Supplier<T> work) {
    return new ProgressMonitor(new ProgressLine(), what, ProgressMonitor.NOTHING_TO_COUNT)
        .during(work);
  }

  /**
   * Loads a model, and shows meanwhile how many megabytes this process has taken, of the weights'
   * size. That is an estimate: OpenVINO does not report its progress.
   *
   * @param modelDirectory the model directory, whose {@code openvino_model.bin} holds the weights
   * @param load loads the model
   */
  public static <T> T loading(Path modelDirectory, Supplier<T> load) {
    return new ProgressMonitor(
            new ProgressLine(),
            "loading " + modelDirectory,
            ProgressMonitor.Counted.weights(modelDirectory))
        .during(load);
  }
}

package dev.ovchat.live;

import dev.ovchat.chart.Chart;
import dev.ovchat.display.Display;
import dev.ovchat.experiment.ExperimentException;
import dev.ovchat.experiment.Results;
import dev.ovchat.progress.Progress;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.HBox;
import dev.ovchat.widget.Label;
import dev.ovchat.widget.Output;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A sweep with buttons: it runs beside the cells, shows how far it is and the speeds so far, and
 * can be paused between two runs, stopped, and started again, which does what is missing.
 *
 * <pre>{@code
 * var sweep = SweepView.of(csv, progress -> experiment.run(grid.oneAtATime(), csv, progress));
 * sweep.start().widget()
 * }</pre>
 */
public final class SweepView implements AutoCloseable {
  private final Path csv;
  private final Function<Consumer<Progress>, Results> sweep;
  private final dev.ovchat.widget.Progress bar =
      new dev.ovchat.widget.Progress(1).description("Runs");
  private final Label line = new Label("not started");
  private final Button start = new Button("Start").primary(true);
  private final Button pause = new Button("Pause").disabled(true);
  private final Button stop = new Button("Stop").disabled(true);
  private final Output chart = new Output();
  private final HBox controls = HBox.of(start, pause, stop); // and the bar, once there is progress
  private final Widget widget = VBox.of(controls, line, chart);
  private final Gate gate = new Gate();
  private CompletableFuture<Results> outcome;
  private Thread thread;
  private boolean isStopped;
  private long drawn; // runs

  private SweepView(Path csv, Function<Consumer<Progress>, Results> sweep) {
    this.csv = csv;
    this.sweep = sweep;
    start.onClick(this::start);
    pause.onClick(this::pauseOrGoOn);
    stop.onClick(this::stop);
    pause.tooltip("Waits before the next run.");
    stop.tooltip("Ends the run that is under way; what was measured is kept.");
  }

  /**
   * Makes a view of a sweep that is not running yet.
   *
   * @param csv the file of the runs, of which the chart is drawn
   * @param sweep runs it; it is handed what receives the progress, and called once for each start
   */
  public static SweepView of(Path csv, Function<Consumer<Progress>, Results> sweep) {
    return new SweepView(csv, sweep);
  }

  /** The view, to be shown. */
  public Widget widget() {
    return widget;
  }

  /**
   * Starts the sweep, beside the cells.
   *
   * @throws IllegalStateException if it is running
   */
  public synchronized SweepView start() {
    if (outcome != null && !outcome.isDone()) {
      throw new IllegalStateException("The sweep is running. Wait for it, or press Stop.");
    }
    CompletableFuture<Results> begun = new CompletableFuture<>();
    outcome = begun;
    isStopped = false;
    drawn = 0;
    gate.open();
    line.value("started");
    setRunning(true);
    thread = new Thread(() -> run(begun), "sweep");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  private void run(CompletableFuture<Results> begun) {
    try {
      succeeded(begun, sweep.apply(this::accept));
    } catch (RuntimeException | Error e) {
      failed(begun, e);
    }
  }

  private synchronized void succeeded(CompletableFuture<Results> begun, Results results) {
    try {
      hearNoStop();
      draw();
      if (!isStopped) {
        bar.value(bar.parts());
      }
      ended(isStopped ? results + ". Stopped: Start does the missing runs." : results.toString());
    } finally {
      begun.complete(results);
    }
  }

  private synchronized void failed(CompletableFuture<Results> begun, Throwable problem) {
    try {
      ended(problem.getMessage() == null ? problem.toString() : problem.getMessage());
    } finally {
      begun.completeExceptionally(problem);
    }
  }

  /** A press on Start, which can be pressed again, waits until the one that ended is done. */
  private void ended(String how) {
    hearNoStop();
    line.value(how);
    pause.description("Pause");
    setRunning(false);
  }

  /** Shows the progress of the sweep; between two runs it waits here while it is paused. */
  private void accept(Progress progress) {
    show(progress);
    if (!progress.isOver()) {
      gate.pass();
    }
  }

  private synchronized void show(Progress progress) {
    hearNoStop();
    bar.parts((double) Math.max(1, progress.total())).value((double) progress.done());
    controls.children(List.of(bar, start, pause, stop));
    line.value(progress.toString());
    if (progress.done() > drawn) {
      drawn = progress.done();
      draw();
    }
    if (isStopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Takes an interrupt back: a thread that has one would close the kernel's socket if it wrote to
   * it. None comes while this is locked.
   */
  private static void hearNoStop() {
    Thread.interrupted();
  }

  private void draw() {
    if (!Files.exists(csv)) {
      return; // it cannot be written, as the line says
    }
    try {
      Display.show(
          chart,
          Chart.bar(Results.read(csv).table(), "config", "tokens/s")
              .interval("tokens/s from", "tokens/s to")
              .title("Speed of each config so far"));
    } catch (ExperimentException e) {
      chart.clear().print(e.getMessage());
    }
  }

  private synchronized void pauseOrGoOn() {
    if (outcome == null || outcome.isDone()) {
      return; // it ended while the button was pressed
    }
    if (gate.isShut()) {
      gate.open();
      pause.description("Pause");
    } else {
      gate.shut();
      pause.description("Go on");
    }
  }

  /** Ends the sweep, with the run that is under way. What was measured is kept in its file. */
  public synchronized void stop() {
    if (thread != null && !outcome.isDone()) {
      isStopped = true;
      thread.interrupt();
    }
  }

  private void setRunning(boolean running) {
    start.disabled(running);
    pause.disabled(!running);
    stop.disabled(!running);
  }

  /**
   * Waits for the end of the sweep. One that is paused goes on: while a cell waits, the kernel
   * reads nothing that the page sends. An interrupt, such as the kernel's stop button, stops it.
   *
   * @return what was measured, also by a sweep that was stopped
   * @throws IllegalStateException if it was never started
   * @throws RuntimeException that of the sweep, where it has failed
   */
  public Results results() {
    CompletableFuture<Results> begun;
    synchronized (this) {
      if (outcome == null) {
        throw new IllegalStateException("The sweep was not started. Call start(), or press Start.");
      }
      begun = outcome;
    }
    gate.open();
    try {
      return begun.get();
    } catch (InterruptedException e) {
      stop();
      Results results = resultsOf(begun);
      Thread.currentThread().interrupt();
      return results;
    } catch (ExecutionException e) {
      return resultsOf(begun);
    }
  }

  /** The results, or the exception of the sweep itself. */
  private static Results resultsOf(CompletableFuture<Results> ended) {
    try {
      return ended.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Stops the sweep, and takes the widget out of the page. */
  @Override
  public void close() {
    stop();
    widget.close();
  }
}

package dev.ovchat.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.experiment.ConfigGrid;
import dev.ovchat.experiment.Experiment;
import dev.ovchat.experiment.ExperimentException;
import dev.ovchat.experiment.Results;
import dev.ovchat.openvino.Device;
import dev.ovchat.progress.Progress;
import dev.ovchat.text.TokenIds;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.Label;
import dev.ovchat.widget.Output;
import dev.ovchat.widget.Page;
import dev.ovchat.widget.Widget;
import dev.ovchat.widget.Widgets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep with buttons: one of the demo model, and one that is made up to last. */
@Slow
class SweepViewTest {
  private static final Experiment EXPERIMENT =
      Experiment.of(DemoModel.DIRECTORY, new Device("CPU"))
          .prompt(TokenIds.of(1, 2, 3))
          .newTokens(2)
          .generations(1)
          .repetitions(2);
  private static final ConfigGrid GRID =
      ConfigGrid.from(DemoModel.ACCURATE).vary("INFERENCE_NUM_THREADS", "1");
  @TempDir static Path folder;
  private static Results once;

  private final Page page = new Page();
  private final AtomicInteger steps = new AtomicInteger();
  private final Path csv = folder.resolve("results.csv");
  private SweepView view;

  @BeforeAll
  static void runOnce() {
    once =
        EXPERIMENT
            .repetitions(1)
            .run(
                ConfigGrid.from(DemoModel.ACCURATE).oneAtATime(),
                folder.resolve("once.csv"),
                progress -> {});
  }

  @BeforeEach
  void connect() {
    Widgets.connect(page);
    view = SweepView.of(csv, this::endless);
    view.widget().view();
  }

  @AfterEach
  void close() {
    view.close();
  }

  /** Runs of a hundredth of a second, until they are stopped. */
  private Results endless(Consumer<Progress> progress) {
    while (!Thread.currentThread().isInterrupted()) {
      progress.accept(new Progress("a run", 1, 9, "runs", Duration.ofSeconds(1)));
      steps.incrementAndGet();
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return once;
  }

  private Button button(String name) {
    return Page.named(view.widget(), Button.class, name);
  }

  private String line() {
    return Page.all(view.widget(), Label.class).get(0).value();
  }

  private static void waitFor(BooleanSupplier condition) throws InterruptedException {
    for (int tries = 0; !condition.getAsBoolean(); tries++) {
      assertThat(tries).isLessThan(24_000);
      Thread.sleep(25);
    }
  }

  private void waitForSteps(int more) throws InterruptedException {
    int before = steps.get();
    waitFor(() -> steps.get() >= before + more);
  }

  private void pause() throws InterruptedException {
    page.click(button("Pause"));
    waitFor(() -> view.widget().toString().contains("[Go on]"));
    int paused = steps.get();
    Thread.sleep(300);
    assertThat(steps.get() - paused).isLessThan(2); // the run that it was in may end
  }

  @Test
  void waitsBetweenTwoRunsWhileItIsPaused() throws InterruptedException {
    page.click(button("Start"));
    waitForSteps(3);
    assertThat(line()).startsWith("1 of 9 runs").endsWith(": a run");
    pause();
    page.click(button("Go on"));
    waitForSteps(3);
    assertThat(view.widget().toString()).contains("[Pause]");
    assertThat(Page.isEnabled(button("Start"))).isFalse();
  }

  @Test
  void aPausedOneIsStopped() throws InterruptedException {
    view.start();
    waitForSteps(1);
    pause();
    page.click(button("Stop"));
    waitFor(() -> Page.isEnabled(button("Start")));
    assertThat(line()).isEqualTo(once + ". Stopped: Start does the missing runs.");
    assertThat(view.results()).isSameAs(once);
    assertThat(Page.isEnabled(button("Stop"))).isFalse();
  }

  @Test
  void aCellThatWaitsGoesOnWithAPausedOneAndCanBeStopped() throws InterruptedException {
    view.start();
    waitForSteps(1);
    pause();
    Thread waiting = Thread.currentThread();
    Thread press =
        new Thread(
            () -> {
              try {
                waitForSteps(3);
                waiting.interrupt();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    press.start();
    assertThat(view.results()).isSameAs(once);
    assertThat(Thread.interrupted()).isTrue();
    press.join();
  }

  @Test
  void itRunsOnceAtATime() {
    assertThatIllegalStateException()
        .isThrownBy(() -> view.results())
        .withMessage("The sweep was not started. Call start(), or press Start.");
    view.start();
    assertThatIllegalStateException()
        .isThrownBy(() -> view.start())
        .withMessage("The sweep is running. Wait for it, or press Stop.");
  }

  @Test
  void aFailureIsShownAndThrown() {
    try (SweepView fails =
        SweepView.of(csv, progress -> EXPERIMENT.run(List.of(), csv, progress))) {
      Widget widget = fails.start().widget();
      assertThatThrownBy(fails::results)
          .isInstanceOf(ExperimentException.class)
          .hasMessage("There is no config to run; the first one is the baseline.");
      assertThat(Page.all(widget, Label.class).get(0).value())
          .isEqualTo("There is no config to run; the first one is the baseline.");
      assertThat(Page.isEnabled(Page.named(widget, Button.class, "Start"))).isTrue();
    }
  }

  @Test
  void whatWasMeasuredBeforeAStopIsKeptAndTheRestIsDoneLater()
      throws InterruptedException, IOException {
    try (SweepView real =
        SweepView.of(csv, progress -> EXPERIMENT.run(GRID.oneAtATime(), csv, progress))) {
      Widget widget = real.start().widget();
      Label line = Page.all(widget, Label.class).get(0);
      widget.view();
      waitFor(() -> line.value().startsWith("1 of 4 runs"));
      page.click(Page.named(widget, Button.class, "Stop"));
      Results stopped = real.results();
      assertThat(stopped.runs().rowCount()).isBetween(1, 3);
      String before = Files.readString(csv);
      assertThat(Results.read(csv).runs().rowCount()).isEqualTo(stopped.runs().rowCount());
      assertThat(Page.all(widget, Output.class).get(0).toString()).contains("tokens/s by config");
      page.click(Page.named(widget, Button.class, "Start"));
      waitFor(() -> line.value().startsWith("4 runs of 2 configs on CPU"));
      assertThat(real.results().runs().rowCount()).isEqualTo(4);
      assertThat(Files.readString(csv)).startsWith(before);
      assertThat(Page.all(widget, Output.class).get(0).toString())
          .contains("baseline: ")
          .contains("INFERENCE_NUM_THREADS=1: ");
    }
  }
}

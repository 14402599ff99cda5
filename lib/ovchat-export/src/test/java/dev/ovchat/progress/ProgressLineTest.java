package dev.ovchat.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final List<String> written = new ArrayList<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private long nanos;
  private final StatusLine line =
      new StatusLine() {
        @Override
        public void write(String text) {
          written.add(text + (Thread.currentThread().isInterrupted() ? " (interrupted)" : ""));
        }

        @Override
        public void end() {
          written.add("end");
        }
      };
  private final ProgressLine progress = new ProgressLine(line, () -> nanos, later::add);

  private static Progress runs(long done) {
    return new Progress("config " + done, done, 10, "runs", Duration.ofSeconds(2 * done));
  }

  @Test
  void theLineTellsCountRateAndTimeLeft() {
    assertThat(ProgressText.of(runs(5)))
        .isEqualTo("██████████░░░░░░░░░░ 5 of 10 runs, 30.0 runs/min, 10 s left: config 5");
    assertThat(ProgressText.of(runs(0)))
        .isEqualTo("░░░░░░░░░░░░░░░░░░░░ 0 of 10 runs, 0.0 s: config 0");
    assertThat(ProgressText.of(runs(10))).isEqualTo("10 of 10 runs, took 20 s: config 10");
    assertThat(ProgressText.of(new Progress("", 1400, 2800, "MB", Duration.ofSeconds(7))))
        .isEqualTo("██████████░░░░░░░░░░ 1,400 of 2,800 MB, 200.0 MB/s, 7.0 s left");
    assertThat(ProgressText.of(new Progress("export\n", 0, 0, "", Duration.ofSeconds(3700))))
        .isEqualTo("export↵: 1 h 1 min");
    assertThat(ProgressText.time(Duration.ofSeconds(725))).isEqualTo("12 min 5 s");
  }

  @Test
  void itIsWrittenFiveTimesASecondAtMost() {
    progress.accept(runs(1));
    progress.accept(runs(2));
    progress.accept(runs(3));
    assertThat(written).containsExactly(ProgressText.of(runs(1)));
    assertThat(later).hasSize(1);
    nanos += TimeUnit.MILLISECONDS.toNanos(200);
    later.remove().run();
    assertThat(written).containsExactly(ProgressText.of(runs(1)), ProgressText.of(runs(3)));
    nanos += TimeUnit.MILLISECONDS.toNanos(200);
    progress.accept(runs(4));
    assertThat(written).hasSize(3).endsWith(ProgressText.of(runs(4)));
    assertThat(later).isEmpty();
  }

  @Test
  void theLastProgressIsWrittenAtOnceAndNothingAfterIt() {
    progress.accept(runs(1));
    progress.accept(runs(2));
    progress.accept(runs(10));
    later.remove().run();
    progress.accept(runs(3));
    assertThat(written).containsExactly(ProgressText.of(runs(1)), ProgressText.of(runs(10)), "end");
  }

  @Test
  void anInterruptedThreadWritesAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    progress.accept(runs(1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(written).containsExactly(ProgressText.of(runs(1)));
  }

  @Test
  void closingEndsALineWhoseWorkDidNot() {
    progress.close();
    assertThat(written).isEmpty();
    progress.accept(runs(1));
    progress.close();
    progress.close();
    assertThat(written).containsExactly(ProgressText.of(runs(1)), ProgressText.of(runs(1)), "end");
  }

  @Test
  void onATerminalTheLineIsWrittenOver() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StatusLine terminal =
        new StatusLine.OnTerminal(new PrintStream(bytes, true, StandardCharsets.UTF_8), 10);
    terminal.write("long text that is cut");
    terminal.write("short");
    terminal.end();
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("\rlong text\rshort    " + System.lineSeparator());
  }

  @Test
  void workIsWatchedUntilItEnds() {
    AtomicBoolean isDaemon = new AtomicBoolean();
    int result =
        new ProgressMonitor(progress, "Working", ProgressMonitor.NOTHING_TO_COUNT)
            .during(
                () -> {
                  isDaemon.set(watcher().isDaemon());
                  return 7;
                });
    assertThat(result).isEqualTo(7);
    assertThat(isDaemon).isTrue();
    assertThat(written)
        .endsWith("end")
        .element(written.size() - 2)
        .asString()
        .matches("Working: done in \\d.* s");
  }

  @Test
  void workThatFailsSaysSoAndItsErrorComesThrough() {
    var watch = new ProgressMonitor(progress, "Working", ProgressMonitor.NOTHING_TO_COUNT);
    assertThatThrownBy(
            () ->
                watch.during(
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(written.get(written.size() - 2)).startsWith("Working: stopped in ");
  }

  private static Thread watcher() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("ovchat-progress"))
        .findAny()
        .orElseThrow();
  }

  @Test
  void theWeightsAreWhatALoadHasToTake() {
    ProgressMonitor.Counted weights = ProgressMonitor.Counted.weights(DemoModel.DIRECTORY);
    assertThat(weights.total()).isBetween(1L, 20L);
    assertThat(weights.done().getAsLong()).isBetween(0L, weights.total() - 1);
    assertThat(ProgressMonitor.Counted.weights(Path.of("nowhere")).total()).isZero();
  }
}

package dev.ovchat.cli;

import dev.ovchat.progress.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;

/** Progress of work without a terminal: a line every ten seconds. */
final class ProgressLog implements Consumer<Progress> {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final PrintStream out;
  private Duration next = PAUSE;

  ProgressLog(PrintStream out) {
    this.out = out;
  }

  @Override
  public void accept(Progress progress) {
    if (progress.elapsed().compareTo(next) >= 0) {
      out.println(progress);
      next = progress.elapsed().plus(PAUSE);
    }
  }
}

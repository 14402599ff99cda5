package dev.ovchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLogTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ProgressLog log =
      new ProgressLog(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  @Test
  void thereIsALineEveryTenSeconds() {
    for (int second = 0; second < 40; second += 3) {
      log.accept(new Progress("x", second, 60, "MB", Duration.ofSeconds(second)));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .hasLineCount(3)
        .startsWith("12 of 60 MB, 48 s left: x" + System.lineSeparator())
        .contains("24 of 60 MB", "36 of 60 MB");
  }
}

package dev.ovchat.progress;

import dev.ovchat.EveryLocale;
import dev.ovchat.Slow;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@Slow
class ProgressInEveryLocaleTest {
  @Test
  void progress() throws Exception {
    var half =
        new Progress("writing I", 1_234_567_890, 9_876_543_210L, "B", Duration.ofSeconds(75));
    EveryLocale.gives(() -> ProgressText.of(half));
    var runs = new Progress("config 5", 5, 10, "runs", Duration.ofSeconds(10));
    EveryLocale.gives(() -> ProgressText.of(runs));
  }
}

package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void aLineHasAllThatThereIs() {
    var metrics =
        new Metrics(
            301.4, 3.1, 3.2, 0.8, 0.79, 0.91, 12, 4, 50, 9, 6, OptionalLong.of(340_000_000));
    assertThat(metrics)
        .hasToString(
            "12 prompt tokens (4 from the cache) read in 3.1 ms, first token after 3.2 ms, 50 new"
                + " tokens, 1250.0 tokens/s (0.80 ms each, p50 0.79, p95 0.91), 6 of 9 drafted"
                + " tokens accepted, loaded in 301 ms, peak memory 340 MB");
  }

  @Test
  void aLineLeavesOutWhatThereIsNot() {
    var metrics = new Metrics(301.4, 3.1, 3.2, 0, 0, 0, 12, 0, 1, 0, 0, OptionalLong.empty());
    assertThat(metrics)
        .hasToString(
            "12 prompt tokens read in 3.1 ms, first token after 3.2 ms, 1 new tokens, loaded in 301"
                + " ms");
  }

  @Test
  void theFiguresAreOfTheTokensAsTheyCame() throws InterruptedException {
    var stopwatch = new Stopwatch(5);
    stopwatch.promptRead(2);
    for (int i = 0; i < 200; i++) {
      stopwatch.token();
      if (i % 10 == 0) {
        Thread.sleep(1);
      }
    }
    Metrics metrics = stopwatch.metrics(7);
    assertThat(metrics.newTokens()).isEqualTo(200);
    assertThat(metrics.promptTokens()).isEqualTo(7);
    assertThat(metrics.cachedTokens()).isEqualTo(2);
    assertThat(metrics.prefillMillis()).isLessThanOrEqualTo(metrics.firstTokenMillis());
    // One in ten came after a millisecond of sleep: more than 5 in 100.
    assertThat(metrics.perTokenP50Millis()).isLessThan(metrics.perTokenP95Millis());
    assertThat(metrics.perTokenP95Millis()).isGreaterThanOrEqualTo(1);
    assertThat(metrics.peakResidentBytes().orElseThrow()).isGreaterThan(10_000_000);
  }
}

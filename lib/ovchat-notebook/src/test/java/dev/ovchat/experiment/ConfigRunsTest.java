package dev.ovchat.experiment;

import static dev.ovchat.experiment.MadeUp.BASELINE;
import static dev.ovchat.experiment.MadeUp.TEXT;
import static dev.ovchat.experiment.MadeUp.failed;
import static dev.ovchat.experiment.MadeUp.runs;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigRunsTest {
  private static double median(double... speeds) {
    List<Run> runs = new ArrayList<>(runs(BASELINE, TEXT, speeds));
    runs.add(failed(BASELINE, 99, "Not supported."));
    return new ConfigRuns(BASELINE, "baseline", runs).median(Measured::tokensPerSecond);
  }

  @Test
  void theMedianIsTheMiddleFigureOrTheMeanOfTwo() {
    assertThat(median(30, 10, 20)).isEqualTo(20);
    assertThat(median(40, 10, 30, 20)).isEqualTo(25);
    assertThat(median(7)).isEqualTo(7);
  }

  @Test
  void withoutFiguresThereIsNoMedian() {
    assertThat(median()).isNaN();
  }

  /** The peak memory is not known on each system; a sorted array has NaN last. */
  @Test
  void whatIsNotKnownCountsAsLargest() {
    assertThat(median(Double.NaN, Double.NaN)).isNaN();
    assertThat(median(Double.NaN, 10)).isNaN();
    assertThat(median(Double.NaN, 10, 20)).isEqualTo(20);
  }
}

package dev.ovchat.experiment;

import static dev.ovchat.experiment.MadeUp.BASELINE;
import static dev.ovchat.experiment.MadeUp.TEXT;
import static dev.ovchat.experiment.MadeUp.results;
import static dev.ovchat.experiment.MadeUp.runs;
import static dev.ovchat.experiment.MadeUp.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.Slow;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AdvisorTest {
  private static final double[] SLOW = {100, 101, 99, 100, 102};
  private static final double[] FAST = {141, 140, 142, 139, 143};
  private static final TokenIds OTHER_TEXT = TokenIds.of(5, 9);

  @Test
  void proposesTheFastestThatKeepsTheText() {
    Advice advice =
        Advisor.advise(
            results(
                runs(BASELINE, TEXT, SLOW),
                runs(with("NUM_STREAMS", "2"), TEXT, 120, 121, 119, 122, 120),
                runs(with("KV_CACHE_PRECISION", "f16"), TEXT, FAST)));
    assertThat(advice.found()).isTrue();
    assertThat(advice.config()).isEqualTo(with("KV_CACHE_PRECISION", "f16"));
    assertThat(advice)
        .hasToString(
            "Take KV_CACHE_PRECISION=f16: 1.40 times as fast as the baseline, round by round (with 95 %"
                + " confidence at least 1.38, at most 1.43; 5 rounds, 2 configs compared). The text is"
                + " the same.");
  }

  @Test
  void whatChangesTheTextIsNotProposedButTold() {
    Advice advice =
        Advisor.advise(
            results(
                runs(BASELINE, TEXT, SLOW),
                runs(with("NUM_STREAMS", "2"), TEXT, SLOW),
                runs(with("INFERENCE_PRECISION_HINT", "f32"), OTHER_TEXT, FAST)));
    assertThat(advice.found()).isFalse();
    assertThat(advice.config()).isEqualTo(BASELINE);
    assertThat(advice.evidence())
        .startsWith("No difference found: ")
        .contains("The highest ratio is that of NUM_STREAMS=2: 1.00 times as fast as the baseline")
        .contains("Faster, but with another text, is INFERENCE_PRECISION_HINT=f32: 1.40 times");
  }

  @Test
  void aTextThatChangesFromRunToRunIsNotKept() {
    List<Run> wavering = new ArrayList<>(runs(with("NUM_STREAMS", "2"), TEXT, FAST));
    wavering.set(3, MadeUp.run(with("NUM_STREAMS", "2"), 4, 139, OTHER_TEXT));
    assertThat(Advisor.advise(results(runs(BASELINE, TEXT, SLOW), wavering)).found()).isFalse();
  }

  @Test
  void whatFailedOnceIsNotProposed() {
    List<Run> failing = new ArrayList<>(runs(with("NUM_STREAMS", "2"), TEXT, FAST));
    failing.add(MadeUp.failed(with("NUM_STREAMS", "2"), 6, "It was killed."));
    assertThat(Advisor.advise(results(runs(BASELINE, TEXT, SLOW), failing)).evidence())
        .contains("No other config that ran to its end kept the text.");
  }

  @Test
  void aRoundThatIsThereTwiceIsNoMoreEvidence() {
    List<Run> some = runs(with("NUM_STREAMS", "2"), TEXT, 108, 113);
    List<Run> twice = new ArrayList<>(some);
    twice.addAll(some);
    List<Run> baseline = runs(BASELINE, TEXT, 100, 101);
    assertThat(Advisor.advise(results(baseline, some)).found()).isFalse();
    assertThat(Advisor.advise(results(baseline, twice)).found()).isFalse();
  }

  @Test
  void aGainOfFourPercentIsNotWorthAChange() {
    double[] little = DoubleStream.of(SLOW).map(speed -> 1.04 * speed).toArray();
    assertThat(
            Advisor.advise(
                    results(
                        runs(BASELINE, TEXT, SLOW), runs(with("NUM_STREAMS", "2"), TEXT, little)))
                .evidence())
        .startsWith("No difference found: ")
        .contains(
            "1.04 times as fast as the baseline, round by round (with 95 % confidence at least 1.04, at most"
                + " 1.04;");
  }

  @Test
  void oneRoundIsNoEvidence() {
    Advice advice =
        Advisor.advise(
            results(runs(BASELINE, TEXT, 100), runs(with("NUM_STREAMS", "2"), TEXT, 300)));
    assertThat(advice.found()).isFalse();
    assertThat(advice.evidence())
        .contains(
            "3.00 times as fast as the baseline, round by round (from one round nothing is certain;"
                + " 1 round, 1 config compared)");
  }

  @Test
  void roundsThatAreFarApartAreNoEvidenceEither() {
    // With 1 degree of freedom t at 0.95 is 6.3, times an error of ln(9) / 2: a factor of
    // 1,000,000.
    Advice advice =
        Advisor.advise(
            results(
                runs(BASELINE, TEXT, 100, 100), runs(with("NUM_STREAMS", "2"), TEXT, 200, 1800)));
    assertThat(advice.found()).isFalse();
    assertThat(advice.evidence())
        .contains(
            "6.00 times as fast as the baseline, round by round (from rounds so far apart nothing is"
                + " certain; 2 rounds, 1 config compared)");
  }

  @Test
  void withoutABaselineThereIsNothingToCompareWith() {
    Results failed =
        results(
            List.of(MadeUp.failed(BASELINE, 1, "It was killed.")),
            runs(with("NUM_STREAMS", "2"), TEXT, FAST));
    assertThat(Advisor.advise(failed).evidence())
        .isEqualTo(
            "There is nothing to compare with: the baseline was not measured. It was killed.");
    assertThat(Advisor.advise(results(runs(BASELINE, TEXT, SLOW))).evidence())
        .isEqualTo("There is nothing to compare: only the baseline was measured.");
  }

  @Slow
  @Test
  void whereNothingDiffersOneSweepInTwentyAtMostIsTakenIn() {
    Random random = new Random(1);
    List<DoubleSupplier> noises =
        List.of(
            () -> 0.05 * random.nextGaussian(),
            () -> 0.3 * random.nextGaussian(),
            // Now and then a run takes three times as long.
            () -> random.nextInt(6) == 0 ? -1.1 : 0.05 * random.nextGaussian(),
            () -> 0.3 * Math.log(1 - random.nextDouble()));
    for (DoubleSupplier noise : noises) {
      for (int rounds : new int[] {2, 3, 5, 8}) {
        assertThat(advised(1000, 12, rounds, 1, noise)).as("%d rounds", rounds).isLessThan(50);
      }
    }
  }

  @Slow
  @Test
  void whatIsFourTenthsFasterIsFound() {
    Random random = new Random(2);
    DoubleSupplier noise = () -> 0.05 * random.nextGaussian();
    assertThat(advised(1000, 12, 5, 1.4, noise)).isGreaterThan(960);
    assertThat(advised(1000, 12, 8, 1.4, noise)).isEqualTo(1000);
    assertThat(advised(1000, 4, 4, 1.4, noise)).isGreaterThan(900);
  }

  /** How many of so many sweeps have a config proposed, where one is so many times as fast. */
  private static int advised(
      int sweeps, int configs, int rounds, double gain, DoubleSupplier noise) {
    int advised = 0;
    for (int sweep = 0; sweep < sweeps; sweep++) {
      List<Run> runs = new ArrayList<>(runs(BASELINE, TEXT, speeds(rounds, 1, noise)));
      for (int i = 1; i < configs; i++) {
        runs.addAll(runs(with("KEY", "" + i), TEXT, speeds(rounds, i == 1 ? gain : 1, noise)));
      }
      Advice advice = Advisor.advise(results(runs));
      advised += advice.found() ? 1 : 0;
      assertThat(gain > 1 && advice.found() ? advice.config().get("KEY") : "1").isEqualTo("1");
    }
    return advised;
  }

  private static double[] speeds(int rounds, double gain, DoubleSupplier noise) {
    return DoubleStream.generate(() -> 100 * gain * Math.exp(noise.getAsDouble()))
        .limit(rounds)
        .toArray();
  }
}

package dev.ovchat.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.ChildJvm;
import dev.ovchat.GoldenProcessors;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;
  private static final int DRAWS = 10_000;

  @Test
  void takesTheHighestScoreAndOfEqualOnesTheFirst() {
    assertThat(Sampler.GREEDY.choose(new float[] {-3, 2, 5, 5, 1})).isEqualTo(2);
    assertThat(Sampler.GREEDY.choose(new float[] {-3, -2, -5})).isEqualTo(1);
    assertThat(Sampler.GREEDY.choose(new float[] {NONE, -1e30f})).isEqualTo(1);
  }

  /** The JDK keeps what the first thread to ask has found: Apache Spark's tasks find nothing. */
  @Test
  void findsItsGeneratorWhateverTheThreadsClassLoader(@TempDir Path folder) {
    var outcome = new ChildJvm(Map.of()).run(SampleUnderOtherLoader.class, folder, List.of("7"));
    assertThat(outcome.output())
        .containsExactly(String.valueOf(MultinomialSampler.random(7).nextDouble()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void findsANaNWhereverItIs(int place) {
    float[] logits = {1, 7, NONE, 5};
    logits[place] = Float.NaN;
    assertThat(TokenChoice.mostProbable(logits)).isEqualTo(place);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void drawsEachTokenAsOftenAsItsProbabilitySays(long seed) {
    float[] logits = GoldenProcessors.read().logits("noise");
    var config = GenerationConfig.defaults().doSample(true).temperature(1.5).topK(30).minP(0.002);
    var tokens = new TokenSequence(TokenIds.of(1), 1);
    LogitsProcessors.of(config, List.of()).forEach(processor -> processor.process(tokens, logits));

    int[] counts = counts(new MultinomialSampler(seed), logits);
    float[] probabilities = new Softmax().of(logits);
    double statistic = 0;
    int kept = 0;
    for (int id = 0; id < logits.length; id++) {
      double expected = probabilities[id] * DRAWS;
      if (logits[id] == NONE) {
        assertThat(counts[id]).isZero();
      } else {
        assertThat(expected).as("enough draws for the test").isGreaterThan(5);
        statistic += Math.pow(counts[id] - expected, 2) / expected;
        kept++;
      }
    }
    assertThat(kept).isBetween(15, 30);
    assertThat(statistic).isLessThan(chiSquared(kept - 1));
  }

  /** What one of a hundred right samplers exceeds, by Wilson and Hilferty's approximation. */
  private static double chiSquared(int degrees) {
    double spread = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - spread + 2.326 * Math.sqrt(spread), 3);
  }

  private static int[] counts(Sampler sampler, float[] logits) {
    int[] counts = new int[logits.length];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.choose(logits)]++;
    }
    return counts;
  }

  @Test
  void aSeedDrawsTheSameOnEveryJdk() {
    float[] logits = GoldenProcessors.read().logits("flat");
    var sampler = new MultinomialSampler(42);
    assertThat(IntStream.range(0, 12).map(i -> sampler.choose(logits)))
        .containsExactly(29, 28, 29, 32, 22, 4, 22, 35, 7, 39, 7, 35);
    var negative = new MultinomialSampler(-1);
    assertThat(IntStream.range(0, 12).map(i -> negative.choose(logits)))
        .containsExactly(15, 33, 7, 21, 12, 4, 35, 32, 3, 13, 4, 19);
  }

  @Test
  void aTokenThatIsLeftAloneIsDrawn() {
    var sampler = new MultinomialSampler(7);
    assertThat(sampler.choose(new float[] {NONE, NONE, -80, NONE})).isEqualTo(2);
    assertThat(sampler.choose(new float[] {5})).isZero();
  }

  /** Else ten people who draw three answers each would share most of them. */
  @Test
  void severalAnswersOfNeighbouringSeedsHaveNoSeedInCommon() {
    assertThat(
            IntStream.range(0, 1_000)
                .mapToObj(i -> MultinomialSampler.seedFor(i / 10 - 50, i % 10))
                .distinct())
        .hasSize(1_000);
    assertThat(MultinomialSampler.seedFor(-3, 0)).isEqualTo(-3);
  }

  @Test
  void theSeedsOfSeveralAnswersAreTheSameOnEveryJdk() {
    assertThat(IntStream.range(0, 4).mapToObj(i -> MultinomialSampler.seedFor(40, i)))
        .containsExactly(40L, 1_277_301_293L, 247_812_436L, 1_996_140_092L);
  }

  @Test
  void freshSeedsDiffer() {
    assertThat(IntStream.range(0, 100).mapToObj(i -> MultinomialSampler.freshSeed()).distinct())
        .hasSizeGreaterThan(95);
  }
}

package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.MultinomialSampler;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContinuationChoiceTest {
  private static final double LN2 = Math.log(2);
  private static final GenerationConfig CONFIG =
      GenerationConfig.defaults().eosTokenIds(List.of()).numBeams(2);

  /** Probabilities of 1/2, 1/4, 1/8, 1/8; the processors see their logarithms, not these. */
  private static float[] logits() {
    return new float[] {9, (float) (9 - LN2), (float) (9 - 2 * LN2), (float) (9 - 2 * LN2)};
  }

  @Test
  void takesTheLikeliestOfAllBeamsAndOfEqualOnesTheFirst() {
    List<Continuation> chosen = choose(CONFIG, 0, -1.5 * LN2);
    assertThat(chosen).extracting(Continuation::beam).containsExactly(0, 0, 1, 0);
    assertThat(chosen).extracting(Continuation::id).containsExactly(0, 1, 0, 2);
    double[] halves = {1, 2, 2.5, 3};
    for (int i = 0; i < halves.length; i++) {
      assertThat(chosen.get(i).logProbability())
          .isCloseTo((float) (-halves[i] * LN2), within(1e-6f));
    }
  }

  @Test
  void ofEqualBeamsTheFirstComesFirst() {
    List<Continuation> chosen = choose(CONFIG, 0, 0);
    assertThat(chosen).extracting(Continuation::beam).containsExactly(0, 1, 0, 1);
    assertThat(chosen).extracting(Continuation::id).containsExactly(0, 0, 1, 1);
  }

  @Test
  void takesMoreWhereMoreTokensEndAnAnswer() {
    assertThat(choose(CONFIG.eosTokenIds(List.of(3)), 0, 0)).hasSize(4);
    assertThat(choose(CONFIG.eosTokenIds(List.of(3, 2)), 0, 0)).hasSize(6);
    assertThat(choose(CONFIG.eosTokenIds(List.of(3, 2, 1, 0)), 0, 0)).hasSize(8);
  }

  @Test
  void theProcessorsWorkOnLogarithmsOfProbabilities() {
    // Of the prompt's token 1: below 0, so that it is multiplied.
    List<Continuation> chosen = choose(CONFIG.repetitionPenalty(1.75), 0);
    assertThat(chosen).extracting(Continuation::id).containsExactly(0, 2, 3, 1);
    assertThat(chosen.get(3).logProbability()).isCloseTo((float) (-3.5 * LN2), within(1e-6f));
  }

  @Test
  void whatIsRuledOutIsNotChosen() {
    var bad = CONFIG.badWordsIds(List.of(List.of(0), List.of(3)));
    assertThat(choose(bad, 0)).extracting(Continuation::id).containsExactly(1, 2);
  }

  @Test
  void logitsThatCannotBeComparedAreRefused() {
    var choice = new ContinuationChoice(CONFIG, List.of(), Optional.empty(), Optional.empty());
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(
              () -> choice.of(List.of(beam(0)), place -> new float[] {1, wrong}, () -> false))
          .isInstanceOf(GenerationException.class)
          .hasMessageContaining("token 1 of the answer");
    }
  }

  /** The probability of i and then j is that of i, times that of j among those but i. */
  @Test
  void drawsWithoutPuttingBack() {
    var config = CONFIG.numBeams(1).doSample(true).topK(0);
    var choice =
        new ContinuationChoice(
            config, List.of(), Optional.empty(), Optional.of(MultinomialSampler.random(5)));
    int draws = 40_000;
    Map<List<Integer>, Integer> counts = new HashMap<>();
    for (int draw = 0; draw < draws; draw++) {
      List<Integer> ids =
          choice.of(List.of(beam(0)), place -> logits(), () -> false).orElseThrow().stream()
              .map(Continuation::id)
              .toList();
      counts.merge(ids, 1, Integer::sum);
    }
    double[] share = {0.5, 0.25, 0.125, 0.125};
    for (int i = 0; i < share.length; i++) {
      for (int j = 0; j < share.length; j++) {
        double expected = i == j ? 0 : share[i] * share[j] / (1 - share[i]);
        // Five standard deviations.
        assertThat(counts.getOrDefault(List.of(i, j), 0) / (double) draws)
            .isCloseTo(expected, within(5 * Math.sqrt(expected / draws)));
      }
    }
  }

  private static List<Continuation> choose(GenerationConfig config, double... logProbabilities) {
    List<Beam> beams =
        Arrays.stream(logProbabilities).mapToObj(ContinuationChoiceTest::beam).toList();
    return new ContinuationChoice(config, List.of(), Optional.empty(), Optional.empty())
        .of(beams, place -> logits(), () -> false)
        .orElseThrow();
  }

  private static Beam beam(double logProbability) {
    var tokens = new TokenSequence(TokenIds.of(1), 5);
    return new Beam(tokens, Optional.empty(), (float) logProbability, 0, Optional.empty());
  }

  @Test
  void givesUpBetweenTwoBeams() {
    var choice = new ContinuationChoice(CONFIG, List.of(), Optional.empty(), Optional.empty());
    var asked = new AtomicInteger();
    assertThat(
            choice.of(
                List.of(beam(0), beam(0), beam(0)),
                place -> logits(),
                () -> asked.incrementAndGet() == 2))
        .isEmpty();
    assertThat(asked).hasValue(2);
  }
}

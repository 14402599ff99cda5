package dev.ovchat.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenChoiceTest {
  private static final GenerationConfig GREEDY =
      GenerationConfig.defaults().eosTokenIds(List.of(0));

  @Test
  void takesTheLikeliestAfterTheProcessors() {
    assertThat(next(GREEDY, 1, 3, 2)).isEqualTo(1);
    assertThat(next(GREEDY.badWordsIds(List.of(List.of(1))), 1, 3, 2)).isEqualTo(2);
    assertThat(next(GREEDY.minNewTokens(5), 9, 3, 2)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNaNIsToldWithItsStep(boolean doSample) {
    assertThatThrownBy(() -> next(GREEDY.doSample(doSample), 1, Float.NaN, 2))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "The model gave NaN, which is no number, for the id 1 at token 3 of the answer: "
                + "its weights are damaged or of another model, or the precision is too low for it.");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysThatNoTokenIsLeft(boolean doSample) {
    var none = GREEDY.doSample(doSample).badWordsIds(List.of(List.of(1), List.of(2)));
    assertThatThrownBy(() -> next(none.minNewTokens(9), 1, 2, 3))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith("No token is left at token 3 of the answer: badWordsIds, ");
  }

  @Test
  void saysThatALogitIsTooLarge() {
    assertThatThrownBy(() -> next(GREEDY.doSample(true).topK(0), 1, Float.POSITIVE_INFINITY, 3))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "The logits of token 3 of the answer are too large to sample from: the highest is"
                + " Infinity.");
    // So small that it is 0 in 32 bits.
    assertThatThrownBy(() -> next(GREEDY.doSample(true).temperature(1e-60), 1, 2, 3))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith("The logits of token 3 of the answer are too large to sample from");
  }

  @Test
  void allocatesNextToNothing() {
    var config =
        GREEDY
            .doSample(true)
            .temperature(0.9)
            .topP(0.95)
            .minP(1e-6)
            .typicalP(0.99)
            .repetitionPenalty(1.1)
            .presencePenalty(0.5)
            .noRepeatNgramSize(3)
            .badWordsIds(List.of(List.of(4), List.of(5, 6)))
            .minNewTokens(1000);
    for (int topK : new int[] {0, 50}) {
      var choice =
          new TokenChoice(
              new TokenSequence(TokenIds.of(1, 2, 3), 300),
              LogitsProcessors.of(config.topK(topK), List.of()),
              List.of(),
              Optional.of(new MultinomialSampler(1)));
      float[] row = noise(2_000);
      float[] logits = new float[row.length];
      run(choice, row, logits, 100);
      long before = allocated();
      run(choice, row, logits, 200);
      assertThat((allocated() - before) / 200).as("bytes per token").isLessThan(256);
    }
  }

  private static void run(TokenChoice choice, float[] row, float[] logits, int steps) {
    for (int i = 0; i < steps; i++) {
      System.arraycopy(row, 0, logits, 0, row.length);
      choice.append(choice.next(logits));
    }
  }

  private static float[] noise(int size) {
    Random random = new Random(3);
    float[] logits = new float[size];
    for (int id = 0; id < size; id++) {
      logits[id] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** The third token of an answer. */
  private static int next(GenerationConfig config, float... logits) {
    var tokens = new TokenSequence(TokenIds.of(2), 5).plus(1).plus(2);
    Optional<Sampler> sampler =
        config.doSample() ? Optional.of(new MultinomialSampler(1)) : Optional.empty();
    var processors = LogitsProcessors.of(config, List.of());
    return new TokenChoice(tokens, processors, List.of(), sampler).next(logits);
  }
}

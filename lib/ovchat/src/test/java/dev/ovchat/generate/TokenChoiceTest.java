package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.text.TokenIds;
import java.util.List;
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
                + "its weights are damaged, or the precision is too low for it.");
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
            "The logits of token 3 of the answer are too large to draw from: the highest is"
                + " Infinity.");
  }

  /** The third token of an answer. */
  private static int next(GenerationConfig config, float... logits) {
    var tokens = new TokenSequence(TokenIds.of(2), 5);
    tokens.add(1);
    tokens.add(2);
    Sampler sampler = config.doSample() ? new MultinomialSampler(1) : Sampler.GREEDY;
    return new TokenChoice(LogitsProcessors.of(config), sampler).next(tokens, logits);
  }
}

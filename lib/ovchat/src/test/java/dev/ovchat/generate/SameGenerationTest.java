package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.DemoModel;
import dev.ovchat.Golden;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is told about an answer is told of the generation that gave it, in the default mode, too,
 * where a reading in another way would be rounded otherwise.
 */
@Slow
class SameGenerationTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(24);
  private static CausalLM model;
  private static List<TokenIds> prompts;

  @BeforeAll
  static void load() {
    model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.CONFIG);
    try (var tokenizer = Tokenizer.load(DemoModel.DIRECTORY)) {
      prompts =
          Golden.generationCases().stream()
              .limit(4)
              .map(it -> tokenizer.encode(it.prompt(), EncodeOptions.defaults()))
              .toList();
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  static Stream<GenerationConfig> configs() {
    return Stream.of(
        GREEDY,
        GREEDY.promptLookupNumTokens(5),
        GREEDY.doSample(true).temperature(1.5).topK(0).seed(3),
        GREEDY.doSample(true).temperature(1.5).seed(3).promptLookupNumTokens(5),
        GREEDY.repetitionPenalty(1.3).stopStrings(List.of("Java")));
  }

  private static TokenIds beginning(TokenIds answer, int size) {
    return TokenIds.of(Arrays.copyOf(answer.toArray(), size));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void anExplanationIsOfTheAnswerThatGenerateGives(GenerationConfig config) {
    for (TokenIds prompt : prompts) {
      Generation plain = model.generate(prompt, config);
      Explanation explained = model.explain(prompt, config, 3);
      assertThat(explained.generation().completions()).isEqualTo(plain.completions());
      assertThat(explained.steps().stream().map(GenerationStep::id).toList())
          .isEqualTo(plain.ids().stream().boxed().toList());
      assertThat(explained.generation().metrics().acceptedTokens())
          .isEqualTo(plain.metrics().acceptedTokens());
    }
  }

  @Test
  void aGreedyTokenIsTheLikeliestOfItsStep() {
    for (TokenIds prompt : prompts) {
      for (GenerationStep step : model.explain(prompt, GREEDY, 2).steps()) {
        assertThat(step.id()).isEqualTo(step.candidates().get(0).id());
      }
    }
  }

  @Test
  void anAnswerThatHasBegunGoesOnAsItDid() {
    for (TokenIds prompt : prompts) {
      Explanation whole = model.explain(prompt, GREEDY, 3);
      TokenIds answer = whole.generation().ids();
      for (int place = 0; place < answer.size(); place += 3) {
        TokenIds soFar = beginning(answer, place);
        Explanation rest =
            model.explain(prompt, soFar, GREEDY.maxNewTokens(2), 3, GenerationHooks.none());
        assertThat(rest.generation().prompt()).isEqualTo(prompt.plus(soFar));
        GenerationStep step = whole.steps().get(place);
        assertThat(rest.steps().get(0).candidates()).isEqualTo(step.candidates());
        assertThat(rest.steps().get(0).entropy()).isEqualTo(step.entropy());
      }
    }
  }

  @Test
  void theScoreOfAnAnswerIsThatOfItsSteps() {
    for (TokenIds prompt : prompts) {
      Explanation explained = model.explain(prompt, GREEDY, 1);
      Score score = model.score(prompt, explained.generation().ids());
      assertThat(score.tokens()).hasSameSizeAs(explained.steps());
      for (int i = 0; i < score.tokens().size(); i++) {
        TokenScore token = score.tokens().get(i);
        GenerationStep step = explained.steps().get(i);
        assertThat(token.position()).isEqualTo(prompt.size() + i);
        assertThat(token.id()).isEqualTo(step.id());
        assertThat(token.text()).isEqualTo(step.text());
        assertThat(token.rank()).isEqualTo(1);
        // From the same logits, but one by a logarithm of 32 bits.
        assertThat(token.probability()).isCloseTo(step.probability(), within(1e-6));
      }
    }
  }

  @Test
  void anotherAnswersScoreIsThatOfItsOwnTokens() {
    TokenIds prompt = prompts.get(0);
    TokenIds answer = model.generate(prompt, GREEDY).ids();
    int[] changed = answer.toArray();
    changed[3] = 700;
    Score score = model.score(prompt, TokenIds.of(changed));
    assertThat(score.tokens().get(3).id()).isEqualTo(700);
    assertThat(score.tokens().get(3).rank()).isGreaterThan(1);
    assertThat(score.perplexity()).isGreaterThan(model.score(prompt, answer).perplexity());
  }

  @Test
  void whatCannotBeReadIsRefused() {
    TokenIds prompt = prompts.get(0);
    TokenIds empty = TokenIds.of();
    assertThatThrownBy(() -> model.score(empty, prompt))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("The prompt is empty");
    assertThatThrownBy(() -> model.score(prompt, empty))
        .isInstanceOf(GenerationException.class)
        .hasMessage("The completion is empty; it has to hold at least one token.");
    assertThatThrownBy(() -> model.score(prompt, TokenIds.of(1984)))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith("The text holds the id 1984;");
    assertThatThrownBy(() -> model.explain(empty, prompt, GREEDY, 3, GenerationHooks.none()))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("The prompt is empty");
    assertThatThrownBy(
            () -> model.explain(prompt, TokenIds.of(-1), GREEDY, 3, GenerationHooks.none()))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith("The prompt holds the id -1;");
  }
}

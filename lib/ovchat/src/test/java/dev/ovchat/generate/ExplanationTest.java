package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tokens were chosen; the numbers are held in InsideGoldenTest. */
class ExplanationTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);
  private static final GenerationConfig SAMPLED =
      GREEDY.doSample(true).temperature(3).topK(0).seed(7);
  private static final int VOCABULARY = 1984;

  static Stream<GenerationConfig> configs() {
    return Stream.of(
        GREEDY,
        GREEDY.repetitionPenalty(1.5).noRepeatNgramSize(2),
        GREEDY.promptLookupNumTokens(5),
        GREEDY.stopStrings(List.of("Java")),
        SAMPLED,
        SAMPLED.topP(0.9).minP(0.01).typicalP(0.9).presencePenalty(0.5));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void explainingDoesNotChangeTheAnswer(GenerationConfig config) {
    Generation plain = model.generate(prompt, config);
    Explanation explained = model.explain(prompt, config, 3);

    assertThat(explained.generation().completions()).isEqualTo(plain.completions());
    assertThat(explained.generation().prompt()).isEqualTo(prompt);
    assertThat(explained.steps().stream().mapToInt(GenerationStep::id))
        .containsExactlyElementsOf(plain.ids().stream().boxed().toList());
  }

  @Test
  void theChosenTokenIsAmongItsCandidates() {
    List<GenerationStep> steps = model.explain(prompt, SAMPLED, 3).steps();
    for (GenerationStep step : steps) {
      var chosen = step.candidates().stream().filter(other -> other.id() == step.id()).toList();
      assertThat(chosen).hasSize(1);
      assertThat(chosen.get(0).text()).isEqualTo(step.text());
      assertThat(chosen.get(0).probability()).isEqualTo(step.probability());
      assertThat(chosen.get(0).processedProbability()).isEqualTo(step.processedProbability());
      assertThat(step.candidates())
          .isSortedAccordingTo(Comparator.comparing(Candidate::logit).reversed());
    }
    assertThat(steps).extracting(step -> step.candidates().size()).contains(3, 4).doesNotContain(5);
  }

  @Test
  void theWholeVocabularyMakesUpAllProbability() {
    GenerationStep step = model.explain(prompt, SAMPLED.maxNewTokens(1), VOCABULARY).steps().get(0);
    assertThat(step.candidates())
        .hasSize(VOCABULARY)
        .extracting(Candidate::id)
        .doesNotHaveDuplicates();
    assertThat(step.candidates().stream().mapToDouble(Candidate::probability).sum())
        .isCloseTo(1, within(1e-5));
    assertThat(step.candidates().stream().mapToDouble(Candidate::processedProbability).sum())
        .isCloseTo(1, within(1e-5));
    assertThat(step.processedEntropy()).isGreaterThan(step.entropy());
  }

  @Test
  void aTokenThatIsRuledOutIsNamedWithItsOwnProbability() {
    int first = model.generate(prompt, GREEDY).ids().get(0);
    var without = GREEDY.badWordsIds(List.of(List.of(first)));
    GenerationStep step = model.explain(prompt, without, 2).steps().get(0);

    assertThat(step.id()).isNotEqualTo(first);
    Candidate ruledOut = step.candidates().get(0);
    assertThat(ruledOut.id()).isEqualTo(first);
    assertThat(ruledOut.isRuledOut()).isTrue();
    assertThat(ruledOut.probability()).isGreaterThan(0.9);
    assertThat(ruledOut.processedProbability()).isZero();
    assertThat(step.runnerUp()).contains(ruledOut);
    assertThat(step.candidates().get(1).isRuledOut()).isFalse();
  }

  @Test
  void aCandidateAloneHasNoRunnerUp() {
    assertThat(model.explain(prompt, GREEDY, 1).steps())
        .hasSizeGreaterThan(20)
        .allSatisfy(step -> assertThat(step.candidates()).hasSize(1))
        .allSatisfy(step -> assertThat(step.runnerUp()).isEmpty());
  }

  @Test
  void equalTokensComeInTheOrderOfTheirIds() {
    try (var tokenizer = Tokenizer.load(DemoModel.DIRECTORY)) {
      var recorder = new StepRecorder(tokenizer, 3);
      recorder.given(new float[] {1, 2, 2, 0, 2, 2});
      recorder.chosen(5, new float[] {1, 2, 2, 0, 2, 2});
      assertThat(recorder.steps().get(0).candidates())
          .extracting(Candidate::id)
          .containsExactly(1, 2, 4, 5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, VOCABULARY + 1, Integer.MAX_VALUE})
  void asManyCandidatesAsThereAreTokens(int candidates) {
    assertThatThrownBy(() -> model.explain(prompt, GREEDY, candidates))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "candidates is "
                + candidates
                + "; it has to be 1 to 1984, the size of this model's vocabulary.");
  }

  @Test
  void severalAnswersAreNotExplained() {
    assertThatThrownBy(() -> model.explain(prompt, SAMPLED.numReturnSequences(2), 3))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("numReturnSequences is 2");
  }

  @Test
  void anInterruptEndsTheExplanationAndGivesWhatThereIs() {
    Thread.currentThread().interrupt();
    Explanation explained = model.explain(prompt, GREEDY, 3);
    assertThat(explained.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
    // One token, if the prompt was read before the first look.
    assertThat(explained.steps()).hasSize(explained.generation().ids().size()).hasSizeLessThan(2);
  }

  @Test
  void whatCannotBeAnsweredIsNotExplained() {
    assertThatThrownBy(() -> model.explain(TokenIds.of(), GREEDY, 3))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("The prompt is empty");
    assertThatThrownBy(() -> model.explain(TokenIds.of(1, VOCABULARY), GREEDY, 3))
        .isInstanceOf(GenerationException.class)
        .hasMessage("The prompt holds the id 1984; this model's vocabulary allows 0 to 1983.");
  }

  @Test
  void aClosedModelSaysSo() {
    var other = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), Map.of());
    other.explain(prompt, GREEDY, 3);
    other.close();
    assertThatThrownBy(() -> other.explain(prompt, GREEDY, 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This model is closed");
  }

  @Test
  void eachStepTellsWhatARuleTookAway() {
    int all = model.config().vocabSize();
    var format = ResponseFormat.choices(List.of("yes", "no"));
    var greedy = GenerationConfig.defaults().maxNewTokens(20).responseFormat(format);
    for (GenerationConfig config :
        List.of(greedy, greedy.doSample(true).topK(3).temperature(3).seed(1))) {
      List<GenerationStep> steps = model.explain(prompt, config, all).steps();
      assertThat(steps).hasSizeGreaterThan(1);
      for (GenerationStep step : steps) {
        double forbidden =
            step.candidates().stream()
                .filter(Candidate::forbidden)
                .mapToDouble(Candidate::probability)
                .sum();
        assertThat(step.forbiddenProbability())
            .isCloseTo(forbidden, within(1e-5))
            .isBetween(0., 1.);
        assertThat(step.candidates())
            .filteredOn(Candidate::forbidden)
            .hasSizeGreaterThan(all - 10)
            .allMatch(Candidate::isRuledOut)
            .noneMatch(candidate -> candidate.id() == step.id());
        assertThat(step.wanted().map(Candidate::id))
            .isEqualTo(
                step.candidates().stream()
                    .limit(1)
                    .filter(candidate -> candidate.forbidden())
                    .map(Candidate::id)
                    .findFirst());
      }
      assertThat(steps.get(0).wanted()).isPresent();
      assertThat(steps.get(0).forbiddenProbability()).isGreaterThan(0.5);
    }
  }

  @Test
  void withoutARuleNothingIsTakenAway() {
    var sampled = GenerationConfig.defaults().maxNewTokens(5).doSample(true).topK(2).seed(1);
    for (GenerationStep step : model.explain(prompt, sampled, 5).steps()) {
      assertThat(step.forbiddenProbability()).isZero();
      assertThat(step.wanted()).isEmpty();
      assertThat(step.candidates()).noneMatch(Candidate::forbidden);
      assertThat(step.candidates()).anyMatch(Candidate::isRuledOut);
    }
  }
}

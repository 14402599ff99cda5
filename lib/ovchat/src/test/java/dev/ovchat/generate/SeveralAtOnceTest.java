package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batches and several answers to one prompt: each is the answer that comes alone. */
@Slow
class SeveralAtOnceTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);

  private static List<Completion> alone(GenerationConfig config) {
    return prompts.stream()
        .map(prompt -> model.generate(prompt, config).completions().get(0))
        .toList();
  }

  private static List<Completion> together(GenerationConfig config) {
    List<Generation> outputs = model.batchGenerate(prompts, config);
    assertThat(outputs.stream().map(Generation::prompt)).containsExactlyElementsOf(prompts);
    return outputs.stream().map(output -> output.completions().get(0)).toList();
  }

  @Test
  void aBatchGivesEachPromptItsOwnAnswer() {
    assertThat(prompts.stream().map(TokenIds::size).distinct().count()).isGreaterThan(10);
    List<Completion> alone = alone(GREEDY);
    assertThat(alone.stream().map(Completion::finishReason).distinct())
        .contains(FinishReason.END_TOKEN, FinishReason.LENGTH);
    assertThat(together(GREEDY)).containsExactlyElementsOf(alone);
  }

  @Test
  void drawnAnswersAndStopStringsToo() {
    var drawn = GREEDY.doSample(true).temperature(1.5).seed(7);
    assertThat(together(drawn)).containsExactlyElementsOf(alone(drawn));
    var stopped = GREEDY.stopStrings(List.of("e ", "a "));
    assertThat(together(stopped)).containsExactlyElementsOf(alone(stopped));
    assertThat(together(stopped).stream().map(Completion::finishReason))
        .contains(FinishReason.STOP_STRING);
  }

  @Test
  void eachOfSeveralAnswersCanBeHadAgainByItsSeed() {
    var drawn = GREEDY.doSample(true).temperature(1.5).seed(40);
    for (TokenIds prompt : prompts.subList(0, 5)) {
      Generation output = model.generate(prompt, drawn.numReturnSequences(4));
      List<Completion> expected = new ArrayList<>();
      for (Completion answer : output.completions()) {
        long seed = answer.seed().orElseThrow();
        expected.addAll(model.generate(prompt, drawn.seed(seed)).completions());
      }
      assertThat(output.seed()).contains(40L);
      assertThat(expected).hasSize(4);
      assertThat(output.completions()).containsExactlyElementsOf(expected);
      assertThat(output.sequences())
          .containsExactlyElementsOf(
              expected.stream().map(answer -> prompt.plus(answer.ids())).toList());
    }
  }

  @Test
  void aBatchOfNoneIsEmptyAndABatchOfOneIsOne() {
    assertThat(model.batchGenerate(List.of(), GREEDY)).isEmpty();
    assertThat(model.batchGenerate(prompts.subList(0, 1), GREEDY).get(0).completions())
        .isEqualTo(model.generate(prompts.get(0), GREEDY).completions());
  }

  @Test
  void aBatchIsCancelled() {
    var cancellation = new Cancellation();
    cancellation.cancel();
    List<Generation> outputs =
        model.batchGenerate(prompts, GREEDY, GenerationHooks.none().cancellation(cancellation));
    assertThat(outputs.stream().map(Generation::finishReason))
        .hasSize(prompts.size())
        .containsOnly(FinishReason.CANCELLED);
  }

  @Test
  void aWrongPromptAmongThemIsRefused() {
    List<TokenIds> wrong = new ArrayList<>(prompts);
    wrong.add(TokenIds.of(IntStream.of(5, 9999).toArray()));
    assertThatThrownBy(() -> model.batchGenerate(wrong, GREEDY))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith(
            "Of the prompts, that at " + prompts.size() + ": The prompt holds the id 9999;");
  }
}

package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Moments;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Beam search on the demo model, beside what it finds. */
@Slow
class BeamSearchTest extends AccurateModelTest {
  private static final GenerationConfig BEAMS =
      GenerationConfig.defaults().maxNewTokens(20).numBeams(4).numReturnSequences(3);

  @BeforeAll
  static void takeFour() {
    prompts = prompts.subList(0, 4);
    prompt = prompts.get(0);
  }

  @Test
  void eachPromptOfABatchGetsItsOwnBeams() {
    List<Generation> together = model.batchGenerate(prompts, BEAMS);
    assertThat(together).hasSameSizeAs(prompts);
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(together.get(i).prompt()).isEqualTo(prompts.get(i));
      assertThat(together.get(i).completions())
          .hasSize(3)
          .isEqualTo(model.generate(prompts.get(i), BEAMS).completions());
    }
  }

  @Test
  void fewerAnswersAreTheFirstOfMore() {
    List<Completion> three = model.generate(prompt, BEAMS).completions();
    assertThat(model.generate(prompt, BEAMS.numReturnSequences(1)).completions())
        .isEqualTo(three.subList(0, 1));
    assertThat(three).extracting(answer -> -answer.score().orElseThrow()).isSorted();
    assertThat(model.generate(prompt, BEAMS.promptLookupNumTokens(5)).completions())
        .isEqualTo(three);
  }

  @Test
  void onlyBeamsHaveAScore() {
    var plain = BEAMS.numBeams(1).numReturnSequences(1);
    assertThat(model.generate(prompt, plain).completions().get(0).score()).isEmpty();
  }

  @Test
  void theListenerHearsTheBestAnswer() {
    List<String> heard = new ArrayList<>();
    var listener =
        new GenerationListener() {
          @Override
          public void start(GenerationConfig config) {
            heard.add("start with " + config.numBeams());
          }

          @Override
          public void token(int id) {
            heard.add("" + id);
          }

          @Override
          public void end() {
            heard.add("end");
          }
        };
    Generation output = model.generate(prompt, BEAMS, GenerationHooks.none().listener(listener));
    List<String> expected = new ArrayList<>(List.of("start with 4"));
    output.ids().stream().mapToObj(id -> "" + id).forEach(expected::add);
    expected.add("end");
    assertThat(heard).isEqualTo(expected);
  }

  @Test
  void whatIsCancelledAtOnceHasATokenAtMost() {
    var cancellation = new Cancellation();
    cancellation.cancel();
    Generation output =
        model.generate(prompt, BEAMS, GenerationHooks.none().cancellation(cancellation));
    assertThat(output.ids().size()).isLessThan(2);
    assertThat(output.completions())
        .extracting(Completion::finishReason)
        .containsOnly(FinishReason.CANCELLED);
  }

  @Test
  void anEmptyAnswerHasAScore() {
    var request = model.request(prompt, BEAMS);
    Beam empty = Beam.empty(request, Optional.empty());
    for (double lengthPenalty : new double[] {-1, 0, 1}) {
      assertThat(empty.score(lengthPenalty)).isZero();
    }
  }

  @Test
  void whatIsCancelledLaterIsTheBestSoFar() throws InterruptedException {
    var cancellation = new Cancellation();
    var cancelled = Moments.whenInside(BeamSearch.class, "advance", cancellation::cancel);
    // Far longer than it may take to cancel it.
    var endless = BEAMS.maxNewTokens(100_000).eosTokenIds(List.of());
    Generation output =
        model.generate(prompt, endless, GenerationHooks.none().cancellation(cancellation));
    cancelled.join();
    assertThat(output.completions()).isNotEmpty();
    assertThat(output.completions())
        .extracting(Completion::finishReason)
        .containsOnly(FinishReason.CANCELLED);
    assertThat(output.ids().size()).isLessThan(model.config().maxPositionEmbeddings() - 1);
    assertThat(output.completions()).extracting(answer -> -answer.score().orElseThrow()).isSorted();
  }

  @Test
  void drawnBeamsComeAgainWithTheirSeed() {
    var drawn = BEAMS.doSample(true).temperature(3).topK(0);
    Generation first = model.generate(prompt, drawn);
    long seed = first.seed().orElseThrow();
    assertThat(first.completions())
        .extracting(answer -> answer.seed().orElseThrow())
        .containsOnly(seed);
    assertThat(model.generate(prompt, drawn.seed(seed)).completions())
        .isEqualTo(first.completions());
    assertThat(
            IntStream.range(0, 5)
                .mapToObj(i -> model.generate(prompt, drawn.seed(i)).completions())
                .distinct())
        .hasSizeGreaterThan(3);
    assertThat(model.generate(prompt, BEAMS).seed()).isEmpty();
  }

  @Test
  void whereFewTokensAreLeftThereAreFewerBeamsOrNone() {
    var one = BEAMS.maxNewTokens(1).eosTokenIds(List.of());
    assertThat(model.generate(prompt, one.badWordsIds(allBut(2))).completions())
        .extracting(answer -> answer.ids().get(0))
        .containsExactlyInAnyOrder(0, 1);
    assertThatThrownBy(() -> model.generate(prompt, one.badWordsIds(allBut(0))))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith("No token is left at token 1 of the answer: ");
  }

  /** All ids but the first ones. */
  private static List<List<Integer>> allBut(int first) {
    return IntStream.range(first, model.config().vocabSize()).mapToObj(List::of).toList();
  }

  @Test
  void aStreamAndASessionAreForOneAnswer() {
    try (var tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
        var session = model.newSession()) {
      for (Runnable call :
          List.<Runnable>of(
              () -> model.stream(prompt, BEAMS), () -> session.generate(prompt, BEAMS))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(GenerationException.class)
            .hasMessageStartingWith("numBeams is 4 and numReturnSequences is 3, but this works on");
      }
    }
  }
}

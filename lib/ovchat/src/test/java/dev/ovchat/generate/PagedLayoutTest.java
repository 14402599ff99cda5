package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** All that a model can do gives the same with its cache in blocks. */
@Slow
class PagedLayoutTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);
  private static CausalLM paged;

  @BeforeAll
  static void loadPaged() {
    paged = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), CONFIG, CacheLayout.PAGED);
  }

  @AfterAll
  static void closePaged() {
    paged.close();
  }

  private static void assertSame(GenerationConfig config, int count) {
    for (TokenIds one : prompts.subList(0, count)) {
      assertThat(paged.generate(one, config).completions())
          .isEqualTo(model.generate(one, config).completions());
    }
  }

  @Test
  void completionsAndDrafts() {
    assertSame(GREEDY, 20);
    assertSame(GREEDY.promptLookupNumTokens(5), 20);
  }

  @Test
  void beamsAndBatches() {
    for (TokenIds one : prompts.subList(0, 8)) {
      var beams = GREEDY.numBeams(4).numReturnSequences(4);
      List<Completion> expected = model.generate(one, beams).completions();
      List<Completion> found = paged.generate(one, beams).completions();
      assertThat(found.stream().map(Completion::ids))
          .containsExactlyElementsOf(expected.stream().map(Completion::ids).toList());
    }
    List<TokenIds> three = prompts.subList(0, 3);
    assertThat(paged.batchGenerate(three, GREEDY).stream().map(Generation::completions))
        .containsExactlyElementsOf(
            model.batchGenerate(three, GREEDY).stream().map(Generation::completions).toList());
  }

  @Test
  void explanationsAndScores() {
    Explanation expected = model.explain(prompt, GREEDY, 3);
    Explanation found = paged.explain(prompt, GREEDY, 3);
    assertThat(found.generation().ids()).isEqualTo(expected.generation().ids());
    assertThat(paged.score(prompt).perplexity())
        .isCloseTo(model.score(prompt).perplexity(), offset(1e-3));
  }

  /** A sliding window pushes masked positions out with the others; blocks hold none. */
  @Test
  void tokensCanBeTakenBackPastTheWindow() {
    int window = paged.config().slidingWindow().orElseThrow();
    List<Integer> ids = Collections.nCopies(window + 40, 300);
    TokenIds text = TokenIds.of(ids.stream().mapToInt(Integer::intValue).toArray());
    try (var session = paged.newSession()) {
      session.generate(text.plus(prompts.get(0)), GREEDY);
      Generation second = session.generate(text.plus(prompts.get(1)), GREEDY);
      assertThat(second.metrics().cachedTokens()).isGreaterThanOrEqualTo(window + 40);
      assertThat(second.ids()).isEqualTo(model.generate(text.plus(prompts.get(1)), GREEDY).ids());
    }
  }

  @Test
  void aListenerThatFailsAtTheStartIsHeard() {
    var hooks =
        GenerationHooks.none()
            .listener(
                new GenerationListener() {
                  @Override
                  public void start(GenerationConfig config) {
                    throw new IllegalStateException("at the start");
                  }

                  @Override
                  public void token(int id) {}
                });
    for (CausalLM either : List.of(model, paged)) {
      assertThatThrownBy(() -> either.batchGenerate(List.of(prompt), GREEDY, hooks))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("at the start");
    }
  }
}

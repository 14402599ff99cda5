package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models that the documented command alone exports answer as transformers does, however they are
 * asked.
 */
@Slow
class FamiliesTest {
  private static final GenerationConfig GREEDY =
      GenerationConfig.defaults().maxNewTokens(12).eosTokenIds(List.of());

  /** Why the attention of some cannot be paged. */
  private static final Map<String, String> NOT_PAGED =
      Map.of(
          "bloom", "it takes no position_ids",
          "blenderbot", "it takes no position_ids",
          "falcon-alibi", "it takes no position_ids",
          "granitemoehybrid", "it keeps states that are not keys and values",
          "mpt", "it takes no position_ids",
          "gpt_neo", "its attention mask is a table in the graph",
          "xglm", "its graph has no operation ScaledDotProductAttention");

  @TempDir static Path folder;
  private static final Map<String, CausalLM> MODELS = new HashMap<>();

  static List<String> families() throws IOException {
    return Family.all();
  }

  private static CausalLM model(String name) throws IOException {
    if (!MODELS.containsKey(name)) {
      MODELS.put(name, Family.load(Family.copyTo(folder.resolve(name), name)));
    }
    return MODELS.get(name);
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(CausalLM::close);
  }

  @ParameterizedTest
  @MethodSource("families")
  void logitsAndGreedyIds(String name) throws IOException {
    Family golden = Family.of(name);
    float[][] logits = model(name).logits(golden.prompt(0));
    assertThat(logits).hasDimensions(golden.logits().size(), golden.logits().get(0).size());
    for (int row = 0; row < logits.length; row++) {
      assertThat(logits[row])
          .containsExactly(golden.logits().get(row).toArray(new Float[0]), offset(1e-3f));
    }
    for (int index = 0; index < 2; index++) {
      assertThat(model(name).generate(golden.prompt(index), GREEDY).ids())
          .isEqualTo(golden.completion(index));
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void beamsAndBatchesOfDifferentLengths(String name) throws IOException {
    Family golden = Family.of(name);
    assertThat(model(name).generate(golden.prompt(0), GREEDY.numBeams(2)).ids())
        .isEqualTo(golden.best());
    for (int prompts : new int[] {2, SeveralCompletions.LEAST_FOR_PAGES}) {
      List<Generation> found =
          model(name)
              .batchGenerate(
                  IntStream.range(0, prompts).mapToObj(index -> golden.prompt(index % 2)).toList(),
                  GREEDY);
      assertThat(found).hasSize(prompts);
      for (int index = 0; index < prompts; index++) {
        assertThat(found.get(index).ids()).isEqualTo(golden.completion(index % 2));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void tokensTakenBackAndDrafts(String name) throws IOException {
    Family golden = Family.of(name);
    try (GenerationSession session = model(name).newSession()) {
      for (int index : new int[] {0, 1, 0}) {
        assertThat(session.generate(golden.prompt(index), GREEDY).ids())
            .isEqualTo(golden.completion(index));
      }
    }
    assertThat(model(name).generate(golden.prompt(0), GREEDY.promptLookupNumTokens(3)).ids())
        .isEqualTo(golden.completion(0));
  }

  @ParameterizedTest
  @MethodSource("families")
  void aQueueAnswersOrIsRefused(String name) throws IOException {
    Family golden = Family.of(name);
    String reason = NOT_PAGED.get(name);
    if (reason != null) {
      assertThatThrownBy(model(name)::newQueue)
          .isInstanceOf(GenerationException.class)
          .hasMessage(
              "The model's attention cannot be paged: "
                  + reason
                  + ". Load it without CacheLayout.PAGED, and call generate or batchGenerate instead"
                  + " of a queue.");
    } else {
      try (GenerationQueue queue = model(name).newQueue()) {
        assertThat(queue.submit(golden.prompt(0), GREEDY).join().ids())
            .isEqualTo(golden.completion(0));
      }
    }
  }
}

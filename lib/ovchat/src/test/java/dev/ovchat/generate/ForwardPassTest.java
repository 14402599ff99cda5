package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores and logits of texts; the numbers are held in InsideGoldenTest. */
@Slow
class ForwardPassTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);
  private static final int VOCABULARY = 1984;

  @Test
  void aPassThatIsInterruptedSaysSo() {
    TokenIds longest = repeated(model.config().maxPositionEmbeddings());
    for (Consumer<TokenIds> pass : passes(model)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pass.accept(longest))
          .isInstanceOf(GenerationException.class)
          .hasMessageStartingWith("The text was not read to its end, ");
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void theScoreOfAPartIsThatOfItsTokens() {
    TokenIds answer = model.generate(prompt, GREEDY).ids();
    List<TokenScore> tokens = model.score(prompt.plus(answer)).tokens();
    var score = new Score(tokens.subList(prompt.size() - 1, tokens.size()));

    double likelihood = 1;
    for (GenerationStep step : model.explain(prompt, GREEDY, 1).steps()) {
      likelihood *= step.probability();
    }
    assertThat(score.tokens()).extracting(TokenScore::rank).containsOnly(1);
    assertThat(score.logLikelihood()).isCloseTo(Math.log(likelihood), within(1e-4));
    assertThat(score.perplexity())
        .isCloseTo(Math.pow(likelihood, -1.0 / answer.size()), within(1e-4));
  }

  @Test
  void perplexityIsTheGeometricMean() {
    var score = new Score(List.of(token(1, 0.5), token(2, 0.125)));
    assertThat(score.logLikelihood()).isCloseTo(Math.log(0.0625), within(1e-12));
    assertThat(score.perplexity()).isCloseTo(4, within(1e-12));
    assertThat(score.tokens().get(1).probability()).isCloseTo(0.125, within(1e-12));
    assertThatThrownBy(() -> new Score(List.of())).isInstanceOf(GenerationException.class);
  }

  private static TokenScore token(int place, double probability) {
    return new TokenScore(place, 3, "▁a", Math.log(probability), 1);
  }

  @Test
  void rankCountsTheTokensThatAreLikelier() {
    float[] logits = model.logits(prompt)[4];
    int id = prompt.get(5);
    long likelier = IntStream.range(0, VOCABULARY).filter(i -> logits[i] > logits[id]).count();
    assertThat(likelier).isPositive();
    assertThat(model.score(prompt).tokens().get(4).rank()).isEqualTo(likelier + 1);
  }

  @Test
  void theRowsAreCopies() {
    float[][] logits = model.logits(prompt);
    assertThat(logits[0]).isNotEqualTo(logits[1]);
    float[] first = logits[0].clone();
    model.logits(prompt.plus(prompt))[0][0] = 99;
    assertThat(logits[0]).isEqualTo(first);
  }

  /** All rows together are 4 MB. */
  @Test
  void aScoreKeepsOneRowOfLogits() {
    TokenIds text = repeated(500);
    model.score(text);
    long before = allocated();
    model.score(text);
    assertThat(allocated() - before).as("bytes").isLessThan(500_000);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void theWholeContextIsReadAndNoMore(@TempDir Path folder) throws IOException {
    Path copy = DemoModel.copyTo(folder.resolve("model"));
    Path config = copy.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"max_position_embeddings\": 4096", "\"max_position_embeddings\": 32"));
    try (var small = CausalLM.load(copy, new Device("CPU"), DemoModel.ACCURATE)) {
      assertThat(small.score(repeated(32)).tokens()).hasSize(31);
      assertThat(small.logits(repeated(32)).length).isEqualTo(32);
      for (Consumer<TokenIds> pass : passes(small)) {
        assertThatThrownBy(() -> pass.accept(repeated(33)))
            .isInstanceOf(GenerationException.class)
            .hasMessage(
                "The text has 33 tokens, but the model's context takes 32; give it in parts.");
      }
    }
  }

  private static TokenIds repeated(int size) {
    return TokenIds.of(IntStream.generate(() -> 300).limit(size).toArray());
  }

  @Test
  void anEmptyTextIsRefused() {
    for (Consumer<TokenIds> pass : passes(model)) {
      assertThatThrownBy(() -> pass.accept(TokenIds.of()))
          .isInstanceOf(GenerationException.class)
          .hasMessage("The text is empty; it has to hold at least one token.");
    }
  }

  @Test
  void aTokenAloneHasLogitsButNoScore() {
    assertThat(model.logits(TokenIds.of(1)).length).isEqualTo(1);
    assertThatThrownBy(() -> model.score(TokenIds.of(1)))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith("The text has 1 token; a score needs 2 or more");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, VOCABULARY, Integer.MAX_VALUE})
  void idsOutsideTheVocabularyAreRefused(int id) {
    for (Consumer<TokenIds> pass : passes(model)) {
      assertThatThrownBy(() -> pass.accept(TokenIds.of(1, id)))
          .isInstanceOf(GenerationException.class)
          .hasMessage(
              "The text holds the id " + id + "; this model's vocabulary allows 0 to 1983.");
    }
  }

  private static List<Consumer<TokenIds>> passes(CausalLM model) {
    return List.of(model::score, model::logits);
  }

  @Test
  void aClosedModelSaysSo() {
    var other = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), Map.of());
    other.score(prompt);
    other.close();
    for (Consumer<TokenIds> pass : passes(other)) {
      assertThatThrownBy(() -> pass.accept(prompt))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("This model is closed");
    }
  }
}

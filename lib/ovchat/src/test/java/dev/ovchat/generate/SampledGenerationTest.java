package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.GoldenProcessors;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Chance and processors on the demo model. */
@Slow
class SampledGenerationTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);

  /** Hot enough for the demo model, which is sure of itself. */
  private static final GenerationConfig SAMPLED = GREEDY.doSample(true).temperature(3).topK(0);

  @TempDir Path folder;

  @Test
  void theSameSeedGivesTheSameAnswer() {
    Generation first = model.generate(prompt, SAMPLED.seed(11));
    assertThat(first.seed()).contains(11L);
    assertThat(model.generate(prompt, SAMPLED.seed(11)).ids()).isEqualTo(first.ids());
  }

  @Test
  void otherSeedsGiveOtherAnswers() {
    var answers =
        LongStream.range(0, 10)
            .mapToObj(seed -> model.generate(prompt, SAMPLED.seed(seed)).ids())
            .distinct();
    assertThat(answers).hasSizeGreaterThan(8);
  }

  @Test
  void withoutASeedTheResultTellsTheOneThatWasTaken() {
    Generation first = model.generate(prompt, SAMPLED);
    Generation second = model.generate(prompt, SAMPLED);
    assertThat(second.seed()).isNotEqualTo(first.seed());
    assertThat(second.ids()).isNotEqualTo(first.ids());
    Generation again = model.generate(prompt, SAMPLED.seed(first.seed().orElseThrow()));
    assertThat(again.ids()).isEqualTo(first.ids());
  }

  @Test
  void greedyAnswersHaveNoSeed() {
    assertThat(model.generate(prompt, GREEDY.seed(3)).seed()).isEmpty();
  }

  @Test
  void theLikeliestTokenAloneIsTheGreedyAnswer() {
    TokenIds greedy = model.generate(prompt, GREEDY).ids();
    assertThat(model.generate(prompt, SAMPLED.topK(1)).ids()).isEqualTo(greedy);
    assertThat(model.generate(prompt, SAMPLED.topP(0)).ids()).isEqualTo(greedy);
  }

  @Test
  void theAnswerIsAsLongAsAskedFor() {
    int own = model.generate(prompt, GREEDY).ids().size();
    Generation longer = model.generate(prompt, GREEDY.minNewTokens(own + 5));
    assertThat(longer.ids().size()).isGreaterThanOrEqualTo(own + 5);
    assertThat(longer.ids().get(own - 1)).isNotIn(model.eosTokenIds());

    var unset = GenerationConfig.defaults();
    assertThat(model.generate(prompt, unset).ids().size()).isEqualTo(20);
    var bounded = unset.maxLength(prompt.size() + 7);
    assertThat(model.generate(prompt, bounded).ids().size()).isEqualTo(7);
    assertThat(model.generate(prompt, bounded.maxNewTokens(9)).ids().size()).isEqualTo(9);
  }

  @Test
  void badWordsAndRepetitionsStayOut() {
    int[] greedy = model.generate(prompt, GREEDY).ids().toArray();
    var bad = List.of(List.of(greedy[0]), List.of(greedy[1], greedy[2]));
    TokenIds other = model.generate(prompt, GREEDY.badWordsIds(bad)).ids();
    assertThat(other.stream().boxed().toList())
        .doesNotContain(greedy[0])
        .doesNotContainSequence(greedy[1], greedy[2]);

    // Of each other, and of the prompt.
    var endless = GREEDY.noRepeatNgramSize(1).eosTokenIds(List.of());
    int[] once = model.generate(prompt, endless).sequence().toArray();
    int[] answer = Arrays.copyOfRange(once, prompt.size(), once.length);
    assertThat(answer).doesNotHaveDuplicates().doesNotContain(prompt.toArray());
  }

  static List<GoldenProcessors.Answer> answers() {
    return GoldenProcessors.read().generations();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void processedGreedyAnswersAreOptimumIntels(GoldenProcessors.Answer golden) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), golden.config());
    var config = GenerationConfig.of(new ModelDirectory(folder));
    int[] ids = golden.prompt().stream().mapToInt(Integer::intValue).toArray();
    assertThat(model.generate(TokenIds.of(ids), config).ids().stream())
        .containsExactlyElementsOf(golden.answer());
  }

  static List<Arguments> impossible() {
    return List.of(
        row(
            config -> config.numBeams(4).numReturnSequences(5),
            "numReturnSequences is 5, but numBeams is 4, and beam search gives one answer for each"
                + " beam at most. Set numReturnSequences to 4 or less, or numBeams to 5 or more."),
        row(
            config -> config.numReturnSequences(2),
            "numReturnSequences is 2, but without doSample(true) all answers would be the same; it"
                + " has to be 1, or numBeams 2 or more."),
        row(
            config -> config.badWordsIds(List.of(List.of(1), List.of(5, 1984))),
            "badWordsIds names the id 1984; this model's vocabulary allows 0 to 1983."));
  }

  private static Arguments row(UnaryOperator<GenerationConfig> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void whatThereIsNotIsRefused(UnaryOperator<GenerationConfig> change, String message) {
    assertThatThrownBy(() -> model.generate(prompt, change.apply(GREEDY)))
        .isInstanceOf(GenerationException.class)
        .hasMessage(message);
  }

  @Test
  void aMaxLengthThatThePromptFillsIsRefused() {
    assertThatThrownBy(() -> model.generate(prompt, GenerationConfig.defaults().maxLength(5)))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("but maxLength is 5; ")
        .hasMessageContaining("Set it to " + (prompt.size() + 1) + " or more");
  }

  @Test
  void endTokensFarOutsideTheVocabularyDoNoHarm() {
    var config = GREEDY.eosTokenIds(List.of(Integer.MAX_VALUE)).minNewTokens(2);
    assertThat(model.generate(prompt, config).ids().size()).isEqualTo(60);
  }

  @Test
  void theModelsOwnConfigHoldsWhereNothingElseIsSaid() throws IOException {
    Path copy = DemoModel.copyTo(folder.resolve("model"));
    Files.writeString(
        copy.resolve("generation_config.json"),
        "{\"do_sample\": true, \"temperature\": 3.0, \"top_k\": 0, \"max_new_tokens\": 60}");
    try (var own = CausalLM.load(copy, new Device("CPU"), DemoModel.ACCURATE)) {
      assertThat(own.generationConfig()).isEqualTo(SAMPLED.eosTokenIds(own.config().eosTokenIds()));
      var seeded = GenerationConfig.defaults().seed(5).eosTokenIds(model.eosTokenIds());
      assertThat(own.generate(prompt, seeded).ids())
          .isEqualTo(model.generate(prompt, SAMPLED.seed(5)).ids());
      assertThat(own.generate(prompt, seeded.doSample(false)).ids())
          .isEqualTo(model.generate(prompt, GREEDY).ids());
    }
  }

  @Test
  void damagedWeightsAreToldAndNotAnswered() throws IOException {
    Path copy = DemoModel.copyTo(folder.resolve("model"));
    Matcher scale =
        Pattern.compile("lm_head\\S*scale\" type=\"Const\"[^/]* offset=\"(\\d+)\" size=\"(\\d+)\"")
            .matcher(Files.readString(copy.resolve("openvino_model.xml")));
    assertThat(scale.find()).isTrue();
    try (var weights = new RandomAccessFile(copy.resolve("openvino_model.bin").toFile(), "rw")) {
      byte[] notANumber = new byte[Integer.parseInt(scale.group(2))];
      Arrays.fill(notANumber, (byte) 0xFF);
      weights.seek(Long.parseLong(scale.group(1)));
      weights.write(notANumber);
    }
    try (var damaged = CausalLM.load(copy, new Device("CPU"), DemoModel.ACCURATE)) {
      for (GenerationConfig config : List.of(GREEDY, SAMPLED, GREEDY.numBeams(3))) {
        assertThatThrownBy(() -> damaged.generate(prompt, config))
            .isInstanceOf(GenerationException.class)
            .hasMessageStartingWith("The model gave NaN, which is no number, for the id ")
            .hasMessageContaining(" at token 1 of the answer: ");
      }
      assertThatThrownBy(() -> damaged.score(prompt))
          .isInstanceOf(GenerationException.class)
          .hasMessageStartingWith("The model gave NaN as a logit for the token at 1 of the text: ");
    }
  }

  @Test
  void threadsDrawIndependently() {
    List<TokenIds> alone =
        IntStream.range(0, 6).mapToObj(i -> model.generate(prompt, SAMPLED.seed(i)).ids()).toList();
    List<TokenIds> together =
        IntStream.range(0, 6)
            .parallel()
            .mapToObj(i -> model.generate(prompt, SAMPLED.seed(i)).ids())
            .toList();
    assertThat(together).isEqualTo(alone);
  }
}

package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.GoldenInside;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.sampling.LogitsProcessors;
import dev.ovchat.sampling.TokenChoice;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same numbers as optimum-intel and torch, in full precision. Additions in another order, on
 * another CPU or in a longer pass, give other last bits: some millionths of a logit. The tolerance
 * is well above that, and far below what a wrong formula would give.
 */
@Slow
class InsideGoldenTest extends AccurateModelTest {
  private static final Offset<Double> NEAR = within(1e-4);

  @TempDir Path folder;

  static List<GoldenInside.Text> texts() {
    return GoldenInside.read().texts();
  }

  static Stream<GoldenInside.Case> greedy() {
    return GoldenInside.read().generations().stream().filter(golden -> !golden.sampled());
  }

  static Stream<GoldenInside.Case> sampled() {
    return GoldenInside.read().generations().stream().filter(GoldenInside.Case::sampled);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void logitsAreOptimumIntels(GoldenInside.Text golden) {
    float[][] logits = model.logits(ids(golden.ids()));

    assertThat(logits).hasDimensions(golden.ids().size(), model.config().vocabSize());
    for (int place = 0; place < logits.length; place++) {
      assertThat(TokenChoice.mostProbable(logits[place])).isEqualTo(golden.likeliest().get(place));
      assertThat(logSum(logits[place])).isCloseTo(golden.logSums().get(place), NEAR);
    }
    for (GoldenInside.Row row : golden.rows()) {
      for (int i = 0; i < row.logits().size(); i++) {
        assertThat((double) logits[row.place()][i * golden.stride()])
            .isCloseTo(row.logits().get(i), NEAR);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void scoresAreTorchs(GoldenInside.Text golden) {
    Score score = model.score(ids(golden.ids()));

    assertThat(score.tokens()).hasSameSizeAs(golden.logProbabilities());
    for (int i = 0; i < score.tokens().size(); i++) {
      TokenScore token = score.tokens().get(i);
      assertThat(token.position()).isEqualTo(i + 1);
      assertThat(token.id()).isEqualTo(golden.ids().get(i + 1));
      assertThat(token.text()).isEqualTo(tokenizer.visibleToken(token.id()));
      assertThat(token.logProbability()).isCloseTo(golden.logProbabilities().get(i), NEAR);
      boolean isFavourite = golden.likeliest().get(i) == token.id();
      assertThat(token.rank() == 1).isEqualTo(isFavourite);
    }
    assertThat(score.logLikelihood())
        .isCloseTo(golden.logLikelihood(), within(1e-4 * score.tokens().size()));
    assertThat(score.perplexity()).isCloseTo(golden.perplexity(), Percentage.withPercentage(0.01));
  }

  @ParameterizedTest
  @MethodSource("greedy")
  void stepsAreOptimumIntels(GoldenInside.Case golden) throws IOException {
    Explanation explained = model.explain(ids(golden.prompt()), config(golden), 5);

    assertThat(explained.generation().ids().stream())
        .containsExactlyElementsOf(golden.steps().stream().map(GoldenInside.Step::id).toList());
    requireEqual(explained.steps(), golden.steps());
  }

  /** torch's chance is not Java's, so its draws are told to Java. */
  @ParameterizedTest
  @MethodSource("sampled")
  void stepsOfADrawAreOptimumIntels(GoldenInside.Case golden) throws IOException {
    var prompt = ids(golden.prompt());
    var answer = ids(golden.steps().stream().map(GoldenInside.Step::id).toList());
    float[][] logits = model.logits(prompt.plus(answer));
    var recorder = new StepRecorder(tokenizer, 5);
    Iterator<Integer> draws = answer.stream().iterator();
    var choice =
        new TokenChoice(
            new TokenSequence(prompt, answer.size()),
            LogitsProcessors.of(config(golden), List.of()),
            List.of(),
            Optional.of(row -> draws.next()));
    choice.listener(recorder);
    for (int i = 0; i < answer.size(); i++) {
      choice.append(choice.next(logits[prompt.size() - 1 + i]));
    }

    requireEqual(recorder.steps(), golden.steps());
  }

  private static void requireEqual(List<GenerationStep> steps, List<GoldenInside.Step> golden) {
    assertThat(steps).hasSameSizeAs(golden);
    for (int i = 0; i < steps.size(); i++) {
      GenerationStep step = steps.get(i);
      GoldenInside.Step expected = golden.get(i);
      assertThat(step.position()).isEqualTo(i);
      assertThat(step.id()).isEqualTo(expected.id());
      assertThat(step.text()).isEqualTo(tokenizer.visibleToken(expected.id()));
      assertThat(step.probability()).isCloseTo(expected.probability(), NEAR);
      assertThat(step.processedProbability()).isCloseTo(expected.processedProbability(), NEAR);
      assertThat(step.entropy()).isCloseTo(expected.entropy(), NEAR);
      assertThat(step.processedEntropy()).isCloseTo(expected.processedEntropy(), NEAR);
      for (int place = 0; place < expected.candidates().size(); place++) {
        requireEqual(step.candidates().get(place), expected.candidates().get(place));
      }
    }
  }

  private static void requireEqual(Candidate candidate, GoldenInside.Candidate golden) {
    assertThat(candidate.id()).isEqualTo(golden.id());
    assertThat(candidate.text()).isEqualTo(tokenizer.visibleToken(golden.id()));
    assertThat((double) candidate.logit()).isCloseTo(golden.logit(), NEAR);
    assertThat(candidate.probability()).isCloseTo(golden.probability(), NEAR);
    assertThat(candidate.isRuledOut()).isEqualTo(golden.processedLogit() == null);
    if (!candidate.isRuledOut()) {
      assertThat((double) candidate.processedLogit()).isCloseTo(golden.processedLogit(), NEAR);
    }
    assertThat(candidate.processedProbability()).isCloseTo(golden.processedProbability(), NEAR);
  }

  private static double logSum(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(sum);
  }

  private GenerationConfig config(GoldenInside.Case golden) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), golden.config());
    return GenerationConfig.of(new ModelDirectory(folder));
  }

  private static TokenIds ids(List<Integer> ids) {
    return TokenIds.of(ids.stream().mapToInt(Integer::intValue).toArray());
  }
}

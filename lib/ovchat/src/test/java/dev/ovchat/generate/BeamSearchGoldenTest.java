package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.GoldenBeams;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same beams and stops as optimum-intel, in full precision. */
@Slow
class BeamSearchGoldenTest extends AccurateModelTest {
  private static final GoldenBeams GOLDEN = GoldenBeams.read();
  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  static List<GoldenBeams.Search> searches() {
    return GOLDEN.beams();
  }

  static List<GoldenBeams.Stop> stops() {
    return GOLDEN.stops();
  }

  @ParameterizedTest
  @MethodSource("searches")
  void findsWhatOptimumIntelFinds(GoldenBeams.Search golden) throws IOException {
    List<Completion> answers = generate(golden.config(), golden.prompt()).completions();
    double lengthPenalty = config(golden.config()).lengthPenalty();
    assertThat(answers.stream().map(answer -> answer.ids().stream().boxed().toList()))
        .as("the smallest gap between two scores was " + golden.gap())
        .containsExactlyElementsOf(golden.answers());
    for (int place = 0; place < answers.size(); place++) {
      Completion answer = answers.get(place);
      // A penalty below 0 multiplies the score, and its rounding with it.
      double factor = Math.max(1, Math.pow(answer.ids().size(), -lengthPenalty));
      assertThat(answer.score().orElseThrow())
          .isCloseTo(golden.scores().get(place), within(TOLERANCE * factor));
    }
  }

  @ParameterizedTest
  @MethodSource("stops")
  void stopsWhereOptimumIntelStops(GoldenBeams.Stop golden) throws IOException {
    assertThat(generate(golden.config(), golden.prompt()).ids().stream())
        .containsExactlyElementsOf(golden.answer());
  }

  private Generation generate(String config, List<Integer> prompt) throws IOException {
    int[] ids = prompt.stream().mapToInt(Integer::intValue).toArray();
    return model.generate(TokenIds.of(ids), config(config));
  }

  private GenerationConfig config(String json) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), json);
    return GenerationConfig.of(new ModelDirectory(folder));
  }
}

package dev.ovchat.decoder.layers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.decoder.DecoderConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The angles per position are transformers'; the golden file is made by
 * scripts/golden/golden_rope.py.
 */
class RotaryFrequenciesTest {
  /** Powers of 32-bit numbers may differ in their last bit. */
  private static final Percentage LAST_BITS = Percentage.withPercentage(1e-4);

  record Case(String config, List<Double> speeds, List<Double> longSpeeds, double attentionFactor) {
    @Override
    public String toString() {
      return config;
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream in = RotaryFrequenciesTest.class.getResourceAsStream("/golden/rope.json")) {
      return List.of(new ObjectMapper().readValue(in, Case[].class));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anglesAreThoseOfTransformers(Case golden, @TempDir Path checkpoint) throws IOException {
    Files.writeString(checkpoint.resolve("config.json"), golden.config());
    DecoderConfig config = DecoderConfig.read(checkpoint);

    var frequencies = new RotaryFrequencies(config.rope(), 2 * golden.speeds().size());

    assertClose(frequencies.values(), golden.speeds());
    assertThat((double) frequencies.attentionFactor())
        .isCloseTo(golden.attentionFactor(), LAST_BITS);
    if (!golden.longSpeeds().isEmpty()) {
      assertClose(frequencies.longValues(), golden.longSpeeds());
    }
  }

  private static void assertClose(float[] values, List<Double> expected) {
    assertThat(values).hasSize(expected.size());
    for (int pair = 0; pair < values.length; pair++) {
      assertThat((double) values[pair]).isCloseTo(expected.get(pair), LAST_BITS);
    }
  }
}

package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.Slow;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exports of every architecture give transformers' logits; checkpoints and golden file are made by
 * {@code scripts/golden/golden_logits.py}.
 */
@Slow
class ArchitecturesTest {
  static final Path GOLDEN = Path.of("../ovchat/src/test/resources/golden/architectures");

  /** The logits of some of a text's tokens, by their number in the text. */
  record Case(String checkpoint, List<Integer> ids, Map<Integer, List<Float>> logits) {
    @Override
    public String toString() {
      return checkpoint;
    }
  }

  static List<Case> cases() throws IOException {
    return List.of(
        new ObjectMapper().readValue(GOLDEN.resolve("logits.json").toFile(), Case[].class));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logitsAreThoseOfTransformers(Case golden, @TempDir Path folder) throws IOException {
    Path directory = folder.resolve("model");
    Export.of(checkpoint(golden, folder)).weightFormat(WeightFormat.FP32).to(directory);
    float[][] logits = logits(directory, golden.ids());

    golden.logits().forEach((token, expected) -> assertClose(logits[token], expected));
  }

  /** With a tokenizer, which the export asks for and the model does not. */
  static Path checkpoint(Case golden, Path folder) throws IOException {
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(GOLDEN.resolve(golden.checkpoint()).resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []}}
        """);
    return folder;
  }

  static float[][] logits(Path directory, List<Integer> ids) {
    try (CausalLM model =
        CausalLM.load(directory, Device.of("CPU"), Map.of("EXECUTION_MODE_HINT", "ACCURACY"))) {
      return model.logits(TokenIds.of(ids.stream().mapToInt(id -> id).toArray()));
    }
  }

  /** To a thousandth of the largest. */
  static void assertClose(float[] logits, List<Float> expected) {
    float largest = Math.max(Collections.max(expected), -Collections.min(expected));
    assertThat(logits).hasSize(expected.size());
    for (int i = 0; i < logits.length; i++) {
      assertThat(logits[i]).isCloseTo(expected.get(i), Offset.offset(1e-3f * largest));
    }
  }
}

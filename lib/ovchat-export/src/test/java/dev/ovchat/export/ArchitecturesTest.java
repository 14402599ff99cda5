package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.Slow;
import dev.ovchat.cache.CausalSession;
import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exports of every architecture give transformers' logits; checkpoints and golden file are made by
 * {@code scripts/golden/golden_logits.py}.
 */
@Slow
class ArchitecturesTest {
  private static final Map<String, String> ACCURATE = Map.of("EXECUTION_MODE_HINT", "ACCURACY");

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

  static List<Case> withoutWindow() throws IOException {
    return cases().stream().filter(ArchitecturesTest::seesAllTokens).toList();
  }

  private static boolean seesAllTokens(Case golden) {
    return DecoderConfig.read(GOLDEN.resolve(golden.checkpoint())).slidingWindows().stream()
        .allMatch(Optional::isEmpty);
  }

  @ParameterizedTest
  @MethodSource("withoutWindow")
  void tokensThatAreTakenBackLeaveNoTrace(Case golden, @TempDir Path folder) throws IOException {
    Path directory = folder.resolve("model");
    Export.of(checkpoint(golden, folder)).weightFormat(WeightFormat.FP32).to(directory);
    IrModel graph = IrModel.read(directory.resolve("openvino_model.xml"), "");
    int[] ids = golden.ids().stream().mapToInt(id -> id).toArray();
    int half = ids.length / 2;
    try (var compiled =
            CompiledModel.compile(
                graph.file(), graph.withLogitPositions(), Device.of("CPU"), ACCURATE);
        var session = CausalSession.of(compiled, 1)) {
      session.read(new int[][] {Arrays.copyOf(ids, half)}, 1, () -> false);
      session.read(new int[][] {{3, 4, 5}}, 1, () -> false);
      session.rollBack(3);
      session.read(new int[][] {Arrays.copyOfRange(ids, half, ids.length)}, 1, () -> false);
      int last = ids.length - 1;
      assertClose(session.logits(0, 0), golden.logits().get(last));
    }
  }

  /** A shorter text beside a longer one is padded at its left; both are read in two parts. */
  @ParameterizedTest
  @MethodSource("cases")
  void textsOfDifferentLengthsLeaveNoTrace(Case golden, @TempDir Path folder) throws IOException {
    Path directory = folder.resolve("model");
    Export.of(checkpoint(golden, folder)).weightFormat(WeightFormat.FP32).to(directory);
    IrModel graph = IrModel.read(directory.resolve("openvino_model.xml"), "");
    int[] ids = golden.ids().stream().mapToInt(id -> id).toArray();
    try (var compiled =
            CompiledModel.compile(
                graph.file(), graph.withLogitPositions(), Device.of("CPU"), ACCURATE);
        var session = CausalSession.of(compiled, 2)) {
      int[][] first = {Arrays.copyOf(ids, 12), Arrays.copyOf(ids, 4)};
      int[][] second = {Arrays.copyOfRange(ids, 12, 24), Arrays.copyOfRange(ids, 4, 16)};
      session.read(first, 1, () -> false);
      session.read(second, 1, () -> false);
      assertClose(session.logits(0, 0), golden.logits().get(23));
      assertClose(session.logits(1, 0), golden.logits().get(15));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma3-images", "ministral3-images"})
  void theTextModelIsExportedAlone(String name, @TempDir Path folder) throws IOException {
    var golden = cases().stream().filter(each -> each.checkpoint().equals(name)).findAny();
    var result =
        Export.of(checkpoint(golden.orElseThrow(), folder))
            .groupSize(8)
            .to(folder.resolve("model"));
    assertThat(result.leftOut()).containsExactly("multi_modal_projector", "vision_tower");
    assertThat(result.toString())
        .endsWith("; the text model alone, without multi_modal_projector, vision_tower");
    assertThat(folder.resolve("model/config.json"))
        .content()
        .doesNotContain("vision_config")
        .contains(name.startsWith("gemma3") ? "gemma3_text" : "ministral3");
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
    try (CausalLM model = CausalLM.load(directory, Device.of("CPU"), ACCURATE)) {
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

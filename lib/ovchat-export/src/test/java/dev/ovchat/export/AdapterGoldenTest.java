package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.Slow;
import dev.ovchat.gguf.AsGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exports with adapters have the weights that PEFT merges, and its logits; adapters and golden
 * files are made by {@code scripts/golden/golden_lora.py}.
 */
@Slow
class AdapterGoldenTest {
  private static final Path GOLDEN = Path.of("../ovchat/src/test/resources/golden/lora");
  private static final String BIN = "openvino_model.bin";

  @TempDir Path folder;

  /** The logits of some of a text's tokens, by their number in the text. */
  record Case(
      String checkpoint,
      Map<String, Double> adapters,
      List<Integer> ids,
      Map<Integer, List<Float>> logits) {
    @Override
    public String toString() {
      return checkpoint + " with " + adapters;
    }

    Path original() {
      return ArchitecturesTest.GOLDEN.resolve(checkpoint);
    }

    /** The checkpoint of PEFT's merged weights, in f32. */
    Path merged() {
      return GOLDEN.resolve("merged-" + checkpoint);
    }

    Export addTo(Export export) {
      Export all = export;
      for (Map.Entry<String, Double> adapter : adapters.entrySet()) {
        all = all.adapter(GOLDEN.resolve(adapter.getKey()), adapter.getValue());
      }
      return all;
    }
  }

  static List<Case> cases() throws IOException {
    return List.of(
        new ObjectMapper().readValue(GOLDEN.resolve("logits.json").toFile(), Case[].class));
  }

  /** With a tokenizer, which the export asks for. */
  private Path withTokenizer(Path from, String name) throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve(name));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(from.resolve(file), checkpoint.resolve(file));
    }
    Files.writeString(
        checkpoint.resolve("tokenizer.json"),
        """
        {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []}}
        """);
    return checkpoint;
  }

  private Path export(Export export, String name) {
    return export.to(folder.resolve(name)).directory();
  }

  private static FloatBuffer floats(Path directory) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(directory.resolve(BIN)))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  /** To some steps of f32 at the largest weights; constants that are no floats have equal bits. */
  private static void assertEqualWeights(Path ours, Path theirs) throws IOException {
    FloatBuffer weights = floats(ours);
    FloatBuffer expected = floats(theirs);
    assertThat(weights.limit()).isEqualTo(expected.limit());
    for (int i = 0; i < expected.limit(); i++) {
      boolean isEqual =
          Float.floatToRawIntBits(weights.get(i)) == Float.floatToRawIntBits(expected.get(i));
      assertThat(isEqual || Math.abs(weights.get(i) - expected.get(i)) <= 5e-7f)
          .as("%d: %s and %s", i, weights.get(i), expected.get(i))
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void weightsAreThosePeftMerges(Case golden) throws IOException {
    Export plain =
        Export.of(withTokenizer(golden.original(), "checkpoint")).weightFormat(WeightFormat.FP32);
    Export theirs =
        Export.of(withTokenizer(golden.merged(), "merged")).weightFormat(WeightFormat.FP32);
    Path merged = export(golden.addTo(plain), "ours");
    assertEqualWeights(merged, export(theirs, "theirs"));
    assertThat(merged.resolve("openvino_model.xml")).content().contains("<adapters value=");

    Path without = export(plain, "without");
    assertThat(Files.mismatch(without.resolve(BIN), merged.resolve(BIN))).isNotNegative();
    assertThat(without.resolve("openvino_model.xml")).content().doesNotContain("adapters");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logitsAreThoseOfPeft(Case golden) throws IOException {
    Export export = Export.of(withTokenizer(golden.original(), "checkpoint"));
    Path model = export(golden.addTo(export.weightFormat(WeightFormat.FP32)), "model");
    float[][] logits = ArchitecturesTest.logits(model, golden.ids());

    golden
        .logits()
        .forEach((token, expected) -> ArchitecturesTest.assertClose(logits[token], expected));
  }

  @Test
  void aGgufFileIsMergedInTheOrderOfTransformers() throws IOException {
    for (Case golden : cases()) {
      if (!golden.checkpoint().equals("llama3")) { // its factors are other numbers in a file
        Path file =
            AsGguf.of(golden.original()).writeTo(folder.resolve(golden.checkpoint() + ".gguf"));
        Export ours = golden.addTo(Export.of(file).weightFormat(WeightFormat.FP32));
        Export theirs =
            Export.of(withTokenizer(golden.merged(), "merged-" + golden.checkpoint()))
                .weightFormat(WeightFormat.FP32);
        assertEqualWeights(
            export(ours, "ours-" + golden.checkpoint()),
            export(theirs, "theirs-" + golden.checkpoint()));
      }
    }
  }
}

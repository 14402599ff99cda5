package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights of few floating-point values make a model that computes nearly the same. */
@Slow
class SmallFloatsTest {
  private static final Path CHECKPOINT = Path.of("../../environment/demo-model/checkpoint");
  private static final String TEXT = "<|user|>\nWhat is OpenVINO?<|end|>\n<|assistant|>\n";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "NF4, INT8_ASYM, false",
    "MXFP4, MXFP8_E4M3, false",
    "CB4, INT8_ASYM, false",
    "NF4, , true",
    "MXFP4, , true",
    "CB4, , true"
  })
  void logitsAreNearThoseOfTheCheckpoint(WeightFormat format, String others, boolean allLayers) {
    Export export = Export.of(CHECKPOINT).allLayers(allLayers);
    float[] expected = lastLogits(export.weightFormat(WeightFormat.FP32), "fp32");

    Path directory = folder.resolve("model");
    Map<String, Long> weights = export.weightFormat(format).to(directory).weights();
    if (others == null) {
      assertThat(weights).containsOnlyKeys(format.name());
    } else {
      assertThat(weights).containsOnlyKeys(format.name(), others);
    }
    float[] logits = lastLogits(directory);
    assertThat(correlation(logits, expected)).isBetween(0.9, 0.99999);
  }

  private float[] lastLogits(Export export, String name) {
    export.to(folder.resolve(name));
    return lastLogits(folder.resolve(name));
  }

  private static float[] lastLogits(Path directory) {
    try (CausalLM model = CausalLM.load(directory, Device.of("CPU"), Map.of())) {
      var ids = model.tokenizer().encode(TEXT, EncodeOptions.AS_IT_IS);
      float[][] rows = model.logits(ids);
      return rows[rows.length - 1];
    }
  }

  private static double correlation(float[] one, float[] other) {
    double product = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i];
      squares += one[i] * one[i];
      otherSquares += other[i] * other[i];
    }
    return product / Math.sqrt(squares * otherSquares);
  }

  @Test
  void mxfp4HasGroupsOf32() throws IOException {
    Export export = Export.of(CHECKPOINT).weightFormat(WeightFormat.MXFP4);
    assertThatThrownBy(() -> export.groupSize(64))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "groupSize is 64, and mxfp4 has groups of 32 weights; leave groupSize out, or take"
                + " another format.");
    assertThatThrownBy(() -> export.groupSizeFallback(GroupSizeFallback.ADJUST))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "groupSizeFallback is ADJUST, and mxfp4 has no other groups than those of 32 weights;"
                + " take ERROR or IGNORE.");
    Path tiny = TinyCheckpoint.of("llama").writeTo(folder.resolve("tiny"));
    assertThatThrownBy(
            () -> Export.of(tiny).weightFormat(WeightFormat.MXFP4).to(folder.resolve("refused")))
        .isInstanceOf(ExportException.class)
        .hasMessageEndingWith("which groups of 32 do not divide; take another weight format.");
  }
}

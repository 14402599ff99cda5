package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.Slow;
import dev.ovchat.gguf.AsGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A GGUF file of a checkpoint gives the checkpoint's logits, by transformers; checkpoints and
 * golden file are made by {@code scripts/golden/golden_logits.py}.
 */
@Slow
class GgufExportTest {
  /**
   * What no GGUF file says: other windows than an architecture's own, experts in some of the
   * layers, Ministral, and images.
   */
  private static final List<String> NOT_IN_FILES =
      List.of(
          "qwen2-window",
          "qwen3-window-biases",
          "qwen3-moe-some",
          "gpt-oss-bf16",
          "smollm3-window-biases",
          "gemma3-biases",
          "exaone4",
          "ministral",
          "ministral3",
          "gemma3-images",
          "ministral3-images");

  /**
   * What a file has as other numbers: factors and bases of the rotary embedding as results of the
   * formula in config.json, and Gemma's norms with their 1 added.
   */
  private static final List<String> OTHER_NUMBERS =
      List.of("llama3", "exaone4-full", "hunyuan", "gemma2", "gemma3");

  static List<ArchitecturesTest.Case> cases() throws IOException {
    return ArchitecturesTest.cases().stream()
        .filter(golden -> !NOT_IN_FILES.contains(golden.checkpoint()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logitsAreThoseOfTheCheckpoint(ArchitecturesTest.Case golden, @TempDir Path folder)
      throws IOException {
    Path checkpoint = ArchitecturesTest.GOLDEN.resolve(golden.checkpoint());
    Path file = AsGguf.of(checkpoint).writeTo(folder.resolve("model.gguf"));
    Path directory = Export.of(file).to(folder.resolve("model")).directory();

    float[][] logits = ArchitecturesTest.logits(directory, golden.ids());
    golden
        .logits()
        .forEach((token, expected) -> ArchitecturesTest.assertClose(logits[token], expected));
  }

  static List<ArchitecturesTest.Case> casesOfEqualBits() throws IOException {
    return cases().stream().filter(golden -> !OTHER_NUMBERS.contains(golden.checkpoint())).toList();
  }

  /** The groups of mxfp4 have 32 weights, which do not divide all rows here. */
  private static Export in(WeightFormat format, Export export) {
    return format == WeightFormat.MXFP4
        ? export.weightFormat(format).groupSizeFallback(GroupSizeFallback.IGNORE)
        : export.weightFormat(format).groupSize(16);
  }

  @ParameterizedTest
  @MethodSource("casesOfEqualBits")
  void weightsAreThoseOfTheCheckpoint(ArchitecturesTest.Case golden, @TempDir Path folder)
      throws IOException {
    Path checkpoint = ArchitecturesTest.GOLDEN.resolve(golden.checkpoint());
    Path file = AsGguf.of(checkpoint).writeTo(folder.resolve("model.gguf"));
    Export fromFile = Export.of(file);
    Export fromCheckpoint =
        Export.of(ArchitecturesTest.checkpoint(golden, Files.createDirectory(folder.resolve("c"))));
    for (WeightFormat format : WeightFormat.values()) {
      Path one = folder.resolve("gguf-" + format);
      Path other = folder.resolve("checkpoint-" + format);
      in(format, fromFile).to(one);
      in(format, fromCheckpoint).to(other);
      assertThat(one.resolve("openvino_model.bin"))
          .as(format.toString())
          .hasSameBinaryContentAs(other.resolve("openvino_model.bin"));
    }
  }
}

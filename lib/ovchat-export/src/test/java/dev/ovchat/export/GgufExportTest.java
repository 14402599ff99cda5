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
  /** Not those whose windows reach over some layers alone: no GGUF file says so. */
  static List<ArchitecturesTest.Case> cases() throws IOException {
    return ArchitecturesTest.cases().stream()
        .filter(golden -> !golden.checkpoint().startsWith("qwen2-window"))
        .filter(golden -> !golden.checkpoint().startsWith("qwen3-window"))
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

  /** Llama 3's factors are a tensor in a GGUF file, and a formula in config.json. */
  static List<ArchitecturesTest.Case> casesOfEqualBits() throws IOException {
    return cases().stream().filter(golden -> !golden.checkpoint().equals("llama3")).toList();
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
      fromFile.weightFormat(format).groupSize(16).to(one);
      fromCheckpoint.weightFormat(format).groupSize(16).to(other);
      assertThat(one.resolve("openvino_model.bin"))
          .as(format.toString())
          .hasSameBinaryContentAs(other.resolve("openvino_model.bin"));
    }
  }
}

package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.EveryLocale;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export writes the same bytes in every country, and what it writes is read there. */
@Slow
class ExportInEveryLocaleTest {
  @TempDir Path folder;
  private int number;

  private Path exported(Path checkpoint) {
    Path directory = folder.resolve("model" + number++);
    Export.of(checkpoint).groupSize(16).ratio(1).to(directory);
    return directory;
  }

  private static Map<String, String> bytes(Path directory) throws IOException {
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        bytes.put(
            file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
        Files.delete(file);
      }
    }
    return bytes;
  }

  @Test
  void filesAreTheSame() throws Exception {
    Path checkpoint =
        TinyCheckpoint.of("llama")
            .with("intermediate_size", 32)
            .with("rms_norm_eps", "1e-5")
            .writeTo(folder.resolve("checkpoint"));
    EveryLocale.ofEachKindGives(() -> bytes(exported(checkpoint)));
  }

  @Test
  void theEditedGraphIsTheSame() throws Exception {
    Path checkpoint =
        TinyCheckpoint.of("phi3").with("intermediate_size", 32).writeTo(folder.resolve("phi3"));
    ModelDirectory directory = ModelDirectory.open(exported(checkpoint));
    assertThat(directory.graph().withLogitPositions()).contains("logit_positions");
    EveryLocale.gives(() -> directory.graph().withLogitPositions());
  }

  @Test
  void aModelLoadsAndGenerates() throws Exception {
    Path checkpoint =
        TinyCheckpoint.of("qwen2").with("intermediate_size", 32).writeTo(folder.resolve("qwen2"));
    Path directory = exported(checkpoint);
    EveryLocale.ofEachKindGives(
        () -> {
          Map<String, String> config = Map.of("EXECUTION_MODE_HINT", "ACCURACY");
          try (CausalLM model = CausalLM.load(directory, Device.of("CPU"), config)) {
            var ids = TokenIds.of(1, 2, 3);
            return model.generate(ids, GenerationConfig.defaults().maxNewTokens(4)).ids();
          }
        });
  }

  @Test
  void messagesAreTheSame() throws Exception {
    var result =
        new ExportResult(
            Path.of("model"),
            7_654_321_000L,
            1_234_567_000L,
            Map.of("INT8_ASYM", 1_234_567L),
            Duration.ofMillis(12_345),
            Set.of("vision_tower"));
    EveryLocale.gives(result::toString);
    var options =
        ExportOptions.documented()
            .with(
                draft -> {
                  draft.groupSize = OptionalInt.of(-1);
                  draft.ratio = OptionalDouble.of(0.65);
                  draft.backupPrecision = Optional.of(BackupPrecision.NONE);
                  draft.groupSizeFallback = GroupSizeFallback.ADJUST;
                });
    EveryLocale.gives(options::toString);
    Path cutOff =
        exported(
            TinyCheckpoint.of("llama").with("intermediate_size", 32).writeTo(folder.resolve("c")));
    Files.write(cutOff.resolve("openvino_model.bin"), new byte[1234]);
    EveryLocale.gives(() -> message(() -> ModelDirectory.open(cutOff).graph()));
  }

  private static String message(Runnable refused) {
    try {
      refused.run();
      return "";
    } catch (UnusableFileException e) {
      return e.getMessage();
    }
  }
}

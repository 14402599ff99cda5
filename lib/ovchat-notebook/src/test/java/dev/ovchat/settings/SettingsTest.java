package dev.ovchat.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final ModelChoice DOCUMENTED =
      ModelChoice.exported("Phi-3-mini", "./model/phi3-instruct/int4");
  private static final Path DEMO_DIR = Path.of("./model/demo/int4");

  @TempDir private Path folder;
  private Path gguf;
  private Path demoCheckpoint;
  private ModelChoice small;
  private ModelChoice demo;

  @BeforeEach
  void makeChoices() throws IOException {
    gguf = folder.resolve("small.gguf");
    demoCheckpoint = Files.createDirectory(folder.resolve("checkpoint"));
    small = ModelChoice.of("SmolLM2", "./model/smollm2/original", gguf.toString());
    demo = ModelChoice.of("the demo model", DEMO_DIR.toString(), demoCheckpoint.toString());
  }

  private Settings in(Map<String, String> environment) {
    return Settings.firstOf(List.of(DOCUMENTED, small, demo), environment);
  }

  @Test
  void theFirstModelThatIsThereIsTaken() throws IOException {
    Files.createFile(gguf);
    Settings settings = in(Map.of());
    assertThat(settings.modelDir()).isEqualTo(Path.of("./model/smollm2/original"));
    assertThat(settings.isExported()).isFalse();
    assertThat(settings.devices()).containsExactly("GPU.0", "CPU");
    assertThat(settings)
        .hasToString(
            """
            Model: ./model/smollm2/original, SmolLM2, since ./model/phi3-instruct/int4 has not been exported.
            Checkpoint: %s.
            Devices: GPU.0, else CPU; the first that this machine has is taken."""
                .formatted(gguf));
  }

  @Test
  void eachModelBeforeItHasItsReason() {
    Settings settings = in(Map.of());
    assertThat(settings.modelDir()).isEqualTo(DEMO_DIR);
    assertThat(settings.checkpoint()).contains(demoCheckpoint);
    assertThat(settings.reason())
        .isEqualTo(
            "the demo model, since ./model/phi3-instruct/int4 has not been exported and %s is not there",
            gguf);
  }

  @Test
  void anExportedModelNeedsNoCheckpoint() {
    ModelChoice exported = ModelChoice.exported("Phi-3-mini", DemoModel.DIRECTORY.toString());
    Settings settings = Settings.firstOf(List.of(exported, small, demo), Map.of());
    assertThat(settings.modelDir()).isEqualTo(DemoModel.DIRECTORY);
    assertThat(settings.checkpoint()).isEmpty();
    assertThat(settings.isExported()).isTrue();
    assertThat(settings.exportedModelDir()).isEqualTo(DemoModel.DIRECTORY);
    assertThat(settings.reason())
        .isEqualTo("Phi-3-mini, since %s has been exported", DemoModel.DIRECTORY);
  }

  @Test
  void theOneThatIsPutFirstIsTaken() {
    Settings settings = Settings.firstOf(List.of(demo, DOCUMENTED, small), Map.of());
    assertThat(settings.reason()).isEqualTo("the demo model, since %s is there", demoCheckpoint);
  }

  @Test
  void whereNoneIsThereTheLastOneSaysSo() throws IOException {
    Files.delete(demoCheckpoint);
    Settings settings = in(Map.of());
    assertThat(settings.reason()).startsWith("the demo model, since ");
    assertThat(settings.checkpoint()).contains(demoCheckpoint);
  }

  @Test
  void withoutACheckpointItSaysHowToGetTheModel() {
    Settings settings = in(Map.of("MODEL_DIR", "./model/nowhere"));
    assertThatThrownBy(settings::exportedModelDir)
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            "There is no model in ./model/nowhere, and no CHECKPOINT to export to it. Run ./scripts/export --model MODEL '%s'; MODEL is an id on the hub, a directory or a GGUF file. Or name another directory in MODEL_DIR, or none.",
            Path.of("model/nowhere").toAbsolutePath());
  }

  @Test
  void theEnvironmentChoosesOthers() {
    Settings settings =
        in(Map.of("MODEL_DIR", "/models/other", "CHECKPOINT", "/from", "DEVICE", " NPU  CPU "));
    assertThat(settings.modelDir()).isEqualTo(Path.of("/models/other"));
    assertThat(settings.checkpoint()).contains(Path.of("/from"));
    assertThat(settings.devices()).containsExactly("NPU", "CPU");
    assertThat(settings.reason()).isEqualTo("since MODEL_DIR says so");
  }

  @Test
  void aVariableThatIsSetToNothingCountsAsNotSet() {
    assertThat(in(Map.of("MODEL_DIR", "", "CHECKPOINT", " ", "DEVICE", "")))
        .isEqualTo(in(Map.of()));
  }

  @Test
  void aModelIsKnownHoweverItsPathIsWritten() {
    assertThat(in(Map.of("MODEL_DIR", "model/demo/int4")).checkpoint()).contains(demoCheckpoint);
    assertThat(in(Map.of("MODEL_DIR", "model/smollm2/original")).checkpoint()).contains(gguf);
    String absolute = DEMO_DIR.toAbsolutePath().toString();
    assertThat(in(Map.of("MODEL_DIR", absolute)).checkpoint()).contains(demoCheckpoint);
    assertThat(in(Map.of("MODEL_DIR", "./model/../model/demo/int4")).reason())
        .isEqualTo("the demo model, since MODEL_DIR says so");
  }
}

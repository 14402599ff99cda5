package dev.ovchat.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Path DOCUMENTED = Path.of("./model/phi3-instruct/int4");
  private static final Path DEMO = Path.of("./model/demo/int4");
  private static final Path CHECKPOINT = Path.of("../environment/demo-model/checkpoint");

  private static Settings in(Map<String, String> environment) {
    return Settings.of(DOCUMENTED, DEMO, CHECKPOINT, environment);
  }

  @Test
  void theDemoModelServesWhereTheDocumentedOneIsNotExported() {
    Settings settings = in(Map.of());
    assertThat(settings.modelDir()).isEqualTo(DEMO);
    assertThat(settings.checkpoint()).contains(CHECKPOINT);
    assertThat(settings.devices()).containsExactly("GPU.0", "CPU");
    assertThat(settings.isExported()).isFalse();
    assertThat(settings)
        .hasToString(
            """
            Model: ./model/demo/int4, the small demo model, since ./model/phi3-instruct/int4 has not been exported.
            Checkpoint: ../environment/demo-model/checkpoint.
            Devices: GPU.0, else CPU; the first that this machine has is taken.""");
  }

  @Test
  void theDocumentedModelComesFirst() {
    Settings settings = Settings.of(DemoModel.DIRECTORY, DEMO, CHECKPOINT, Map.of());
    assertThat(settings.modelDir()).isEqualTo(DemoModel.DIRECTORY);
    assertThat(settings.checkpoint()).isEmpty();
    assertThat(settings.isExported()).isTrue();
    assertThat(settings.reason()).isEqualTo("since " + DemoModel.DIRECTORY + " has been exported");
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
  void theDemoModelIsKnownHoweverItsPathIsWritten() {
    assertThat(in(Map.of("MODEL_DIR", "model/demo/int4")).checkpoint()).contains(CHECKPOINT);
    String absolute = DEMO.toAbsolutePath().toString();
    assertThat(in(Map.of("MODEL_DIR", absolute)).checkpoint()).contains(CHECKPOINT);
    assertThat(in(Map.of("MODEL_DIR", "./model/../model/demo/int4")).reason())
        .isEqualTo("the small demo model, since MODEL_DIR says so");
  }
}

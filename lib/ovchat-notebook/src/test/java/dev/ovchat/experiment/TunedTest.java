package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunedTest {
  @TempDir Path folder;
  private Tuned tuned;

  @BeforeEach
  void isOfThisMachine() {
    tuned = of(Provenance.machine());
  }

  private Tuned of(Map<String, String> machine) {
    return new Tuned(
        folder.resolve("int4"),
        new Device("CPU"),
        DemoModel.ACCURATE,
        true,
        "Take it: \"é\".",
        machine,
        "2026-11-29");
  }

  @Test
  void whatIsSavedComesBackFromTheFolderAndFromTheModelDirectory() throws IOException {
    Files.createDirectories(folder.resolve("int4"));
    assertThat(tuned.save()).isEqualTo(folder.resolve("tuned.json"));
    assertThat(Tuned.read(folder)).isEqualTo(tuned);
    assertThat(Tuned.read(folder.resolve("int4"))).isEqualTo(tuned);
  }

  @Test
  void theFolderMayBeMoved() throws IOException {
    tuned.save();
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.copy(folder.resolve("tuned.json"), other.resolve("tuned.json"));
    assertThat(Tuned.read(other).modelDirectory()).isEqualTo(other.resolve("int4"));
  }

  @Test
  void loadsTheModelWithItsConfig() throws IOException {
    DemoModel.copyTo(folder.resolve("int4"));
    tuned.save();
    try (CausalLM model = Tuned.load(folder)) {
      assertThat(model.effectiveConfig()).containsEntry("EXECUTION_MODE_HINT", "ACCURACY");
      assertThat(
              model
                  .generate(TokenIds.of(1, 2, 3), GenerationConfig.defaults().maxNewTokens(2))
                  .ids()
                  .size())
          .isPositive();
    }
  }

  @Test
  void anotherMachineOrVersionIsSaid() {
    Map<String, String> elsewhere = new HashMap<>(Provenance.machine());
    elsewhere.put("OpenVINO", "2025.1");
    of(elsewhere).save();
    assertThatThrownBy(() -> Tuned.load(folder))
        .isInstanceOf(ExperimentException.class)
        .hasMessage(
            "%s was tuned elsewhere: OpenVINO is \"2025.1\" there, and \"%s\" here. Tune again on this machine, or load it all the same: CausalLM.load(tuned.modelDirectory(), tuned.device(), tuned.config()) with tuned = Tuned.read(directory)."
                .formatted(folder.resolve("int4"), Provenance.machine().get("OpenVINO")));
    assertThat(Tuned.read(folder).machine()).containsEntry("OpenVINO", "2025.1");
  }

  @Test
  void aDirectoryThatIsNotThereIsNotTheTunedOne() {
    tuned.save();
    assertThatThrownBy(() -> Tuned.read(folder.resolve("misspelled")))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("There is nothing tuned in " + folder.resolve("misspelled"));
  }

  @Test
  void whereNothingIsTunedItSaysSo() {
    assertThatThrownBy(() -> Tuned.load(folder))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("There is nothing tuned in " + folder + ": tune the model with ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"model\" : \"int4\"|\"model\" : \"../int4\"|model is \"../int4\", but has to be the name of a",
        "\"model\" : \"int4\"|\"model\" : \"..\"|model is \"..\", but has to be the name of a",
        "\"device\" : \"CPU\"|\"device\" : \"\"|lacks the field device.",
        "\"config\"|\"configs\"|lacks the field config.",
        "\"found\" : true|\"found\" : 7|found is not true or false but 7.",
        "{|[|is not valid JSON",
      })
  void aDamagedFileIsNamed(String part, String other, String problem) throws IOException {
    Path file = tuned.save();
    String text = Files.readString(file);
    assertThat(text).contains(part);
    Files.writeString(file, text.replaceFirst(Pattern.quote(part), other));
    assertThatThrownBy(() -> Tuned.read(folder))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(problem);
  }
}

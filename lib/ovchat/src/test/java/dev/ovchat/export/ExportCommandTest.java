package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir Path folder;

  @Test
  void isTheDocumentedCommand() {
    assertThat(
            ExportCommand.documented(
                    "microsoft/Phi-3-mini-4k-instruct", Path.of("./model/phi3-instruct/int4"))
                .toString())
        .isEqualTo(
            "optimum-cli export openvino --model microsoft/Phi-3-mini-4k-instruct --task"
                + " text-generation-with-past --weight-format int4 --group-size 128 --ratio 0.6"
                + " --sym --trust-remote-code ./model/phi3-instruct/int4");
  }

  @Test
  void otherWeightFormatsHaveOtherArguments() {
    Path there = Path.of("there");
    assertThat(ExportCommand.withWeights("int8", "a", there))
        .hasToString(
            "optimum-cli export openvino --model a --task text-generation-with-past"
                + " --weight-format int8 --sym --trust-remote-code there");
    assertThat(ExportCommand.withWeights("fp16", "a", there).toString())
        .endsWith(" --weight-format fp16 --trust-remote-code there");
    assertThatThrownBy(() -> ExportCommand.withWeights("int3", "a", there))
        .isInstanceOf(ExportException.class)
        .hasMessage("There is no weight format int3; take one of int4, int8, fp16, fp32.");
  }

  @Test
  void canBePastedWithSpacesInIt() {
    assertThat(ExportCommand.documented("a model", Path.of("to/there")).toString())
        .contains("--model 'a model' --task");
  }

  @Test
  void handsOnWhatTheProgramPrints() throws IOException {
    Path program = program("echo \"$1 to $2\"; echo trouble >&2");
    StringBuilder printed = new StringBuilder();
    new ExportCommand(List.of("exports", "a b")).run(program, printed::append);
    assertThat(printed.toString()).isEqualTo("exports to a b\ntrouble\n");
  }

  @Test
  void aFailureIsAnError() throws IOException {
    Path program = program("exit 3");
    assertThatThrownBy(() -> new ExportCommand(List.of("x")).run(program, text -> {}))
        .isInstanceOf(ExportException.class)
        .hasMessage("The export failed with exit code 3; see above: optimum-cli x");
  }

  @Test
  void aMissingEnvironmentIsNamedWithItsRemedy() {
    Path missing = folder.resolve("optimum-cli");
    assertThatThrownBy(() -> new ExportCommand(List.of("x")).run(missing, text -> {}))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "There is no "
                + missing
                + ". Run ./scripts/export: it installs what the export needs.");
  }

  private Path program(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("optimum-cli"), "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }
}

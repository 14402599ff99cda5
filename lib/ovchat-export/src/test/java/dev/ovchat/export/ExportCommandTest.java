package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExportCommandTest {
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
  void canBePastedWithSpacesInIt() {
    assertThat(ExportCommand.documented("a model", Path.of("to/there")).toString())
        .contains("--model 'a model' --task");
  }

  @Test
  void saysWhatAnOptionIs() {
    ExportCommand documented = ExportCommand.documented();
    assertThat(documented.value("--ratio")).contains("0.6");
    assertThat(documented.value("--sym")).contains("true");
    assertThat(documented.value("--trust-remote-code")).contains("true");
    assertThat(documented.value("--all-layers")).isEmpty();
    assertThat(documented.directory()).isEqualTo(Path.of("model/phi3-instruct/int4"));
  }
}

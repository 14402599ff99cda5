package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigCheckTest {
  private static final Device CPU = new Device("CPU");

  @Test
  void takesWhatAModelTakes() {
    assertThat(ConfigCheck.problem(CPU, DemoModel.ACCURATE)).isEmpty();
    assertThat(ConfigCheck.problem(new Device("AUTO"), DemoModel.CONFIG)).isEmpty();
    assertThat(ConfigCheck.problem(CPU, Map.of())).isEmpty();
  }

  @Test
  void saysWhatAModelSaysAndNamesNoFile() {
    assertThat(ConfigCheck.problem(CPU, Map.of("NUM_STREAMZ", "1")).orElseThrow())
        .doesNotContain(".xml")
        .endsWith(
            "Unsupported property NUM_STREAMZ by CPU plugin. Instead of NUM_STREAMZ, did you mean"
                + " NUM_STREAMS?");
    assertThat(ConfigCheck.problem(new Device("GPU.7"), Map.of()).orElseThrow())
        .contains("The devices there are: CPU");
  }
}

package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.modeldir.ModelDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogitPositionsTest {
  private static final String SOFTCAPPED =
      """
      <net name="m" version="11"><layers>
      <layer id="0" name="hidden" type="Parameter" version="opset1"></layer>
      <layer id="7" name="head" type="MatMul" version="opset1">
      <input>
      <port id="0" precision="FP32">
      <dim>-1</dim><dim>-1</dim><dim>8</dim>
      </port>
      </input></layer>
      <layer id="8" name="cap" type="Tanh" version="opset1">
      <output><port id="1" precision="FP32" names="logits"></port></output></layer>
      </layers><edges>
      <edge from-layer="0" from-port="0" to-layer="7" to-port="0" />
      <edge from-layer="7" from-port="2" to-layer="8" to-port="0" />
      </edges></net>
      """;

  @Test
  void asksForRowsBeforeTheLastMatMul() {
    String edited = LogitPositions.addTo(SOFTCAPPED).orElseThrow();
    assertThat(edited)
        .contains(
            "<layer id=\"9\" name=\"logit_positions\" type=\"Parameter\"",
            "<layer id=\"10\" name=\"logit_positions_rows\" type=\"GatherND\"",
            "<edge from-layer=\"0\" from-port=\"0\" to-layer=\"10\" to-port=\"0\" />",
            "<edge from-layer=\"9\" from-port=\"0\" to-layer=\"10\" to-port=\"1\" />",
            "<edge from-layer=\"10\" from-port=\"2\" to-layer=\"7\" to-port=\"0\" />",
            "<edge from-layer=\"7\" from-port=\"2\" to-layer=\"8\" to-port=\"0\" />")
        .doesNotContain("<edge from-layer=\"0\" from-port=\"0\" to-layer=\"7\" to-port=\"0\" />");
  }

  @Test
  void knowsTheDemoModel() {
    IrModel graph = ModelDirectory.open(DemoModel.DIRECTORY).graph();
    assertThat(graph.withLogitPositions()).contains("names=\"logit_positions\"");
    assertThat(graph.withPagedLogitPositions()).contains("names=\"logit_positions\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<dim>-1</dim><dim>1</dim><dim>8</dim>",
        "<dim>1</dim><dim>-1</dim><dim>1</dim><dim>8</dim>"
      })
  void leavesAGraphThatChoosesTheLastTokenAsItIs(String dimensions) {
    String graph = SOFTCAPPED.replace("<dim>-1</dim><dim>-1</dim><dim>8</dim>", dimensions);
    assertThat(LogitPositions.addTo(graph)).isEmpty();
    assertThat(LogitPositions.addToPaged(graph)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MatMul", "Tanh", "names=\"logits\"", "to-layer=\"7\"", "to-layer=\"8\""})
  void leavesAnotherGraphAsItIs(String needed) {
    assertThat(LogitPositions.addTo(SOFTCAPPED.replace(needed, "Other"))).isEmpty();
  }
}

package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompiledModelTest {
  private static final Path XML = DemoModel.DIRECTORY.resolve("openvino_model.xml");
  private static final Device CPU = new Device("CPU");

  @Test
  void hasTheDocumentedConfigInForce() {
    try (var model = CompiledModel.compile(XML, CPU, DemoModel.CONFIG)) {
      assertThat(model.effectiveConfig())
          .containsEntry("PERFORMANCE_HINT", "LATENCY")
          .containsEntry("NUM_STREAMS", "1")
          .containsKey("INFERENCE_PRECISION_HINT");
      assertThat(model.property("NO_SUCH_KEY")).isEmpty();
      assertThat(model.device()).isEqualTo(CPU);
    }
  }

  @Test
  void takesAnyNumberOfProperties() {
    var config =
        Map.of(
            "PERFORMANCE_HINT", "THROUGHPUT",
            "NUM_STREAMS", "2",
            "INFERENCE_NUM_THREADS", "1",
            "EXECUTION_MODE_HINT", "ACCURACY",
            "CACHE_DIR", "",
            "ENABLE_MMAP", "NO");
    try (var model = CompiledModel.compile(XML, CPU, config)) {
      assertThat(model.effectiveConfig())
          .containsEntry("PERFORMANCE_HINT", "THROUGHPUT")
          .containsEntry("INFERENCE_NUM_THREADS", "1")
          .containsEntry("EXECUTION_MODE_HINT", "ACCURACY");
    }
    try (var model = CompiledModel.compile(XML, CPU, Map.of())) {
      assertThat(model.inputNames())
          .containsExactlyInAnyOrder("input_ids", "attention_mask", "position_ids", "beam_idx");
    }
  }

  @Test
  void suggestsTheNearestKeys() {
    assertThatThrownBy(() -> CompiledModel.compile(XML, CPU, Map.of("NUM_STREAMZ", "1")))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageContaining("Unsupported property NUM_STREAMZ")
        .hasMessageContaining("did you mean NUM_STREAMS")
        .hasMessageNotContaining("Exception from");
  }

  @Test
  void passesOnTheValuesThatOpenVinoAllows() {
    assertThatThrownBy(() -> CompiledModel.compile(XML, CPU, Map.of("PERFORMANCE_HINT", "FAST")))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageContaining("FAST")
        .hasMessageContaining("LATENCY/THROUGHPUT");
  }

  @Test
  void namesTheDevicesThereAreForOneThatIsNot() {
    assertThatThrownBy(() -> CompiledModel.compile(XML, new Device("GPU.7"), Map.of()))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageContaining("The devices there are: CPU");
  }

  @Test
  void closesTwiceAndThenSaysSo() {
    var model = CompiledModel.compile(XML, CPU, DemoModel.CONFIG);
    model.close();
    model.close();
    assertThatThrownBy(model::newSession)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This model is closed. Run the cell that makes it again.");
    assertThatThrownBy(model::effectiveConfig).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSessionOutlivesItsClosedModel() {
    var model = CompiledModel.compile(XML, CPU, DemoModel.CONFIG);
    try (var session = model.newSession()) {
      model.close();
      assertThat(InferenceSessionTest.logitsAfter(session, 1, 300, 301)).isNotEmpty();
    }
  }

  @Test
  void aModelThatNobodyRefersToIsFreedByTheNextLoad() {
    int before = NativeHandle.open();
    for (int i = 0; i < 5; i++) {
      CompiledModel.compile(XML, CPU, DemoModel.CONFIG);
    }
    NativeHandle.releaseUnreachable();
    assertThat(NativeHandle.open()).isLessThanOrEqualTo(before + 1);
  }
}

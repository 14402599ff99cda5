package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Moments;
import dev.ovchat.Slow;
import dev.ovchat.system.NativeHandle;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Slow
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NUM_STREAMZ|1|Unsupported property NUM_STREAMZ by CPU plugin. Instead of NUM_STREAMZ, did you mean NUM_STREAMS?",
        "num_streams|1|Unsupported property num_streams by CPU plugin. Instead of num_streams, did you mean NUM_STREAMS?",
        "cache_dir|x|Unsupported property cache_dir by CPU plugin. Instead of cache_dir, did you mean CACHE_DIR?",
        "ENABLE_MAP|YES|Instead of ENABLE_MAP, did you mean ENABLE_MMAP?",
        "MODEL_PRIORITY|LOW|Unsupported property MODEL_PRIORITY by CPU plugin. The keys there are: CACHE_DIR, ",
        "FULL_DEVICE_NAME|x|FULL_DEVICE_NAME can only be read.",
        "PERFORMANCE_HINT|latency|The config has PERFORMANCE_HINT=latency. Allowed: LATENCY, THROUGHPUT or CUMULATIVE_THROUGHPUT. Did you mean LATENCY?",
        "PERFORMANCE_HINT|FAST|The config has PERFORMANCE_HINT=FAST. Allowed: LATENCY, THROUGHPUT or CUMULATIVE_THROUGHPUT.",
        "PERFORMANCE_HINT|``|The config has PERFORMANCE_HINT=. Allowed: LATENCY, THROUGHPUT or CUMULATIVE_THROUGHPUT.",
        "EXECUTION_MODE_HINT|accuracy|The config has EXECUTION_MODE_HINT=accuracy. Did you mean ACCURACY?",
        "INFERENCE_PRECISION_HINT|fp16|The config has INFERENCE_PRECISION_HINT=fp16. Did you mean f16?",
        "DEVICE_TYPE|CPU|DEVICE_TYPE can only be read.",
        "INFERENCE_NUM_THREADS|-1|The config has INFERENCE_NUM_THREADS=-1.",
        "PERFORMANCE_HINT_NUM_REQUESTS|-1|The config has PERFORMANCE_HINT_NUM_REQUESTS=-1.",
        "INFERENCE_PRECISION_HINT|fp32|Supported values: bf16, f16, f32, undefined. The config has INFERENCE_PRECISION_HINT=fp32. Did you mean f32?",
        "KV_CACHE_PRECISION|u3|The config has KV_CACHE_PRECISION=u3.",
        "NUM_STREAMS|many|The config has NUM_STREAMS=many. Allowed: a whole number of 0 or more, AUTO or NUMA.",
        "ENABLE_MMAP|maybe|The config has ENABLE_MMAP=maybe. Allowed: YES or NO.",
        "CACHE_DIR|/dev/null/x|The config has CACHE_DIR=/dev/null/x. Allowed: a folder that can be written to",
      })
  void saysWhatTheConfigMayHoldInstead(String key, String value, String advice) {
    Map<String, String> config = new HashMap<>(DemoModel.CONFIG);
    config.put(key, value);
    assertThatThrownBy(() -> CompiledModel.compile(XML, CPU, config))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageStartingWith("Cannot compile " + XML + " for CPU: ")
        .hasMessageContaining(advice)
        .hasMessageNotContaining("Exception from")
        // The other keys are right.
        .message()
        .doesNotContainPattern("The config has (?!" + key + "=)");
  }

  @Test
  void aKeyThatIsPartOfAnotherIsNotBlamed() {
    assertThat(
            ConfigAdvice.on(
                "Wrong value -1 for property key PERFORMANCE_HINT_NUM_REQUESTS.",
                CPU,
                Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1")))
        .isEmpty();
  }

  @Test
  void aDeviceThatGivesNoReasonHasItsConfigShown() {
    assertThatThrownBy(
            () -> CompiledModel.compile(XML, new Device("AUTO"), Map.of("NUM_STREAMS", "two")))
        .hasMessage(
            "Cannot compile "
                + XML
                + " for AUTO: OpenVINO gives no reason. The config is {NUM_STREAMS=two}; a single"
                + " device, such as CPU, says more.");
  }

  @Test
  void anUnsetValueIsRefused() {
    Map<String, String> config = new HashMap<>();
    config.put("CACHE_DIR", null);
    assertThatThrownBy(() -> CompiledModel.compile(XML, CPU, config))
        .isInstanceOf(OpenVinoException.class)
        .hasMessage("The config has CACHE_DIR=null; keys and values are texts.");
  }

  @Test
  void openVinoDecidesWhichKeysItTakes() {
    // No device lists these two as supported.
    try (var model =
        CompiledModel.compile(XML, CPU, Map.of("CACHE_DIR", "", "ENABLE_MMAP", "NO"))) {
      assertThat(model.inputNames()).isNotEmpty();
    }
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
        .hasMessage("This model is closed. Make it again; in a notebook, run its cell again.");
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
    Moments.await(
        "the end of what is unreachable",
        () -> {
          NativeHandle.releaseUnreachable();
          return NativeHandle.open() <= before + 1;
        });
  }

  @Test
  void weightsLargerThanTheFreeMemoryAreRefusedWithBothFigures(@TempDir Path folder)
      throws IOException {
    Path xml = Files.copy(XML, folder.resolve("openvino_model.xml"));
    try (var weights = new RandomAccessFile(folder.resolve("openvino_model.bin").toFile(), "rw")) {
      weights.setLength(4_000_000_000_000L); // takes no room on the disk: nothing is written
    }
    assertThatThrownBy(() -> CompiledModel.compile(xml, CPU, DemoModel.CONFIG))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageMatching(
            "The weights .*openvino_model.bin take 4000.0 GB, but only \\d+\\.\\d [MG]B of memory are"
                + " free. Close other programs and models, or export .*");
  }
}

package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.openvino.Device;
import dev.ovchat.system.Processor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TuningGridTest {
  private static final Map<String, String> BASELINE =
      Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1");
  private static final Processor PLAIN = new Processor(List.of("AVX2", "AVX-VNNI"), false, false);

  private static List<String> labels(List<Map<String, String>> configs) {
    return configs.stream().map(config -> ConfigText.label(config, BASELINE)).toList();
  }

  @Test
  void combinesWhatDecidesHowLayersAreComputed() {
    assertThat(labels(new TuningGrid(PLAIN, 2).kernels(BASELINE, 64, Map.of())))
        .containsExactly(
            "INFERENCE_PRECISION_HINT=f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE=64",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE=0",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE=64, INFERENCE_PRECISION_HINT=f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE=0, INFERENCE_PRECISION_HINT=f32");
  }

  @Test
  void withAvx2AloneNothingIsQuantized() {
    Processor older = new Processor(List.of("AVX2"), false, false);
    assertThat(labels(new TuningGrid(older, 2).kernels(BASELINE, 64, Map.of())))
        .containsExactly("INFERENCE_PRECISION_HINT=f32");
  }

  @Test
  void ofOtherDevicesNoThreadsAreTried() {
    TuningGrid grid = TuningGrid.of(new Device("GPU.0"));
    assertThat(labels(grid.kernels(BASELINE, 64, Map.of()))).hasSize(5);
    assertThat(grid.threads(BASELINE, 1, Map.of())).isEmpty();
  }

  @Test
  void whatIsInForceIsNotTriedAgain() {
    Map<String, String> effective =
        Map.of(
            "INFERENCE_PRECISION_HINT", "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE", "32",
            "ENABLE_HYPER_THREADING", "NO");
    TuningGrid grid = new TuningGrid(new Processor(List.of(), true, true), 2);
    assertThat(labels(grid.kernels(BASELINE, 32, effective)))
        .containsExactly("DYNAMIC_QUANTIZATION_GROUP_SIZE=0");
    assertThat(labels(grid.threads(BASELINE, 1, effective)))
        .containsExactly(
            "INFERENCE_NUM_THREADS=1",
            "ENABLE_HYPER_THREADING=YES",
            "SCHEDULING_CORE_TYPE=PCORE_ONLY",
            "SCHEDULING_CORE_TYPE=ECORE_ONLY");
  }

  @Test
  void eachNumberOfThreadsWhereTheyAreFew() {
    assertThat(threads(1)).isEmpty();
    assertThat(threads(4)).containsExactly(1, 2, 3);
    assertThat(threads(64)).containsExactly(16, 32, 48);
  }

  private static IntStream threads(int threads) {
    return new TuningGrid(PLAIN, threads)
        .threads(BASELINE, 1, Map.of()).stream()
            .mapToInt(config -> Integer.parseInt(config.get("INFERENCE_NUM_THREADS")));
  }

  @Test
  void streamsAndThroughputAreForSeveralRequests() {
    List<Map<String, String>> configs =
        new TuningGrid(PLAIN, 2).threads(BASELINE, 4, Map.of("INFERENCE_NUM_THREADS", "2"));
    assertThat(labels(configs))
        .containsExactly(
            "INFERENCE_NUM_THREADS=1",
            "NUM_STREAMS=2",
            "NUM_STREAMS=4",
            "no NUM_STREAMS, PERFORMANCE_HINT=THROUGHPUT");
  }
}

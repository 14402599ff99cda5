package dev.ovchat.experiment;

import dev.ovchat.openvino.Device;
import dev.ovchat.system.Processor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The configs that are worth a try on a machine.
 *
 * @param processor what the processor can do
 * @param threads number of threads that the machine has, 1 or more
 */
record TuningGrid(Processor processor, int threads) {
  private static final String PRECISION = "INFERENCE_PRECISION_HINT";
  private static final String QUANTIZATION = "DYNAMIC_QUANTIZATION_GROUP_SIZE";
  private static final String THREADS = "INFERENCE_NUM_THREADS";
  private static final String HYPER_THREADING = "ENABLE_HYPER_THREADING";
  private static final String CORE_TYPE = "SCHEDULING_CORE_TYPE";
  private static final String STREAMS = "NUM_STREAMS";
  private static final String HINT = "PERFORMANCE_HINT";

  /** The keys that it sets. */
  static final Set<String> KEYS =
      Set.of(PRECISION, QUANTIZATION, THREADS, HYPER_THREADING, CORE_TYPE, STREAMS, HINT);

  /** The grid for a device: of others than the CPU it is not known what they can do. */
  static TuningGrid of(Device device) {
    return device.name().equals("CPU")
        ? new TuningGrid(Processor.here(), Runtime.getRuntime().availableProcessors())
        : new TuningGrid(new Processor(List.of(), false, false), 1);
  }

  /**
   * The configs that decide how the layers are computed: the precision, and the number of values
   * that share a scale when they are rounded to eight bits. That has to fit the weights' groups.
   *
   * @param weightsPerScale number of weights that share a scale
   * @param effective what is in force with the baseline: it is not tried again
   */
  List<Map<String, String>> kernels(
      Map<String, String> baseline, int weightsPerScale, Map<String, String> effective) {
    ConfigGrid grid = ConfigGrid.from(baseline).vary(PRECISION, "f32");
    if (mayQuantize()) {
      grid = grid.vary(QUANTIZATION, "" + weightsPerScale, "0");
    }
    return changed(grid.combinations(), baseline, effective);
  }

  /**
   * Tests whether values may be rounded to eight bits while a model runs. On a processor with AVX2
   * alone the CPU plugin computes in f32 whatever the config says: speeds, perplexities and texts
   * were the same.
   */
  private boolean mayQuantize() {
    return !processor.instructionSets().equals(List.of("AVX2"));
  }

  /**
   * The configs that decide what the machine's threads do.
   *
   * @param config the config that they are added to
   * @param requests number of requests at once
   * @param effective what is in force with it: it is not tried again
   */
  List<Map<String, String>> threads(
      Map<String, String> config, int requests, Map<String, String> effective) {
    ConfigGrid grid = ConfigGrid.from(config);
    List<String> fewer = fewerThreads().mapToObj(Integer::toString).toList();
    if (!fewer.isEmpty()) {
      grid = grid.vary(THREADS, fewer.toArray(String[]::new));
    }
    if (processor.isHyperThreaded()) {
      grid = grid.vary(HYPER_THREADING, "YES", "NO");
    }
    if (processor.hasCoreTypes()) {
      grid = grid.vary(CORE_TYPE, "PCORE_ONLY", "ECORE_ONLY");
    }
    if (requests > 1) {
      grid = grid.vary(STREAMS, "2", "" + requests);
    }
    List<Map<String, String>> configs = new ArrayList<>(grid.oneAtATime());
    if (requests > 1) { // which chooses the streams by itself
      Map<String, String> throughput = new TreeMap<>(config);
      throughput.remove(STREAMS);
      throughput.put(HINT, "THROUGHPUT");
      configs.add(Collections.unmodifiableMap(throughput));
    }
    return changed(configs, config, effective);
  }

  /** Numbers of threads below all: each of them where they are few. */
  private IntStream fewerThreads() {
    return threads <= 4
        ? IntStream.range(1, threads)
        : IntStream.of(threads / 4, threads / 2, 3 * threads / 4).distinct();
  }

  /** The configs that ask for something that is not in force already. */
  private static List<Map<String, String>> changed(
      List<Map<String, String>> configs,
      Map<String, String> baseline,
      Map<String, String> effective) {
    return configs.stream()
        .map(config -> without(config, baseline, effective))
        .distinct()
        .filter(config -> !config.equals(baseline))
        .toList();
  }

  private static Map<String, String> without(
      Map<String, String> config, Map<String, String> baseline, Map<String, String> effective) {
    Map<String, String> changed = new TreeMap<>(config);
    changed
        .entrySet()
        .removeIf(
            entry ->
                !baseline.containsKey(entry.getKey())
                    && entry.getValue().equals(effective.get(entry.getKey())));
    return Collections.unmodifiableMap(changed);
  }
}

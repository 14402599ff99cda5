package dev.ovchat.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Config values to try, around a baseline.
 *
 * <pre>{@code
 * var grid = ConfigGrid.from(Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1"))
 *     .vary("NUM_STREAMS", "2", "4")
 *     .vary("INFERENCE_PRECISION_HINT", "f32", "bf16");
 * grid.oneAtATime()     // 5 configs: the baseline, and each value alone
 * grid.combinations()   // 9 configs: each value of one key with each value of the other
 * }</pre>
 *
 * <p>Keys and values are OpenVINO's own; {@link Experiment#run} asks OpenVINO whether it accepts
 * them.
 *
 * @param baseline the config that all others are compared with
 * @param values the values to try for each key, beside the baseline's; in the order they were given
 */
public record ConfigGrid(Map<String, String> baseline, Map<String, List<String>> values) {
  /** A limit above what anybody waits for. */
  private static final int MOST = 10_000;

  /**
   * Copies the maps.
   *
   * @throws ExperimentException if a key or a value is not set, or cannot be written on a line
   */
  public ConfigGrid {
    baseline.forEach(ConfigText::require);
    values.forEach((key, tried) -> tried.forEach(value -> ConfigText.require(key, value)));
    baseline = Collections.unmodifiableMap(new TreeMap<>(baseline));
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((key, tried) -> copy.put(key, List.copyOf(tried)));
    values = Collections.unmodifiableMap(copy);
  }

  /** A grid of the baseline alone. */
  public static ConfigGrid from(Map<String, String> baseline) {
    return new ConfigGrid(baseline, Map.of());
  }

  /**
   * A copy that tries other values of a key, too.
   *
   * @throws ExperimentException if no value is given, or the key is varied already
   */
  public ConfigGrid vary(String key, String... values) {
    if (values.length == 0) {
      throw new ExperimentException("There is no value of " + key + " to try; name one or more.");
    }
    if (this.values.containsKey(key)) {
      throw new ExperimentException(
          "The grid has values of %s already: %s. Name all of them in one call."
              .formatted(key, this.values.get(key)));
    }
    Map<String, List<String>> more = new LinkedHashMap<>(this.values);
    more.put(key, Arrays.asList(values));
    return new ConfigGrid(baseline, more);
  }

  /** The baseline, and the baseline with one value changed, for each value. */
  public List<Map<String, String>> oneAtATime() {
    Set<Map<String, String>> configs = new LinkedHashSet<>();
    configs.add(baseline);
    values.forEach((key, tried) -> tried.forEach(value -> configs.add(with(baseline, key, value))));
    return List.copyOf(configs);
  }

  /**
   * The baseline, and all combinations of the values of each key; the baseline's own value is one
   * of them, or, if it has none, the absence of the key.
   *
   * @throws ExperimentException if there are more than 10,000
   */
  public List<Map<String, String>> combinations() {
    Set<Map<String, String>> configs = new LinkedHashSet<>();
    configs.add(baseline);
    values.forEach(
        (key, tried) -> {
          for (Map<String, String> config : new ArrayList<>(configs)) {
            tried.forEach(value -> configs.add(with(config, key, value)));
            requireFew(configs.size());
          }
        });
    return List.copyOf(configs);
  }

  /**
   * The difference of a config from the baseline, for instance {@code NUM_STREAMS=2}; for an equal
   * one {@code baseline}.
   */
  public String label(Map<String, String> config) {
    return ConfigText.label(config, baseline);
  }

  private static void requireFew(int configs) {
    if (configs > MOST) {
      throw new ExperimentException(
          String.format(
              Locale.ROOT,
              "The grid has more than %d combinations. Vary fewer keys, or take oneAtATime().",
              MOST));
    }
  }

  private static Map<String, String> with(Map<String, String> config, String key, String value) {
    Map<String, String> changed = new TreeMap<>(config);
    changed.put(key, value);
    return Collections.unmodifiableMap(changed);
  }
}

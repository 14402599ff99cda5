package dev.ovchat.experiment;

import static java.util.stream.Collectors.joining;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A config as one line of text, the same for equal configs: {@code CACHE_DIR=; NUM_STREAMS=1}, with
 * the keys in alphabetical order.
 */
final class ConfigText {
  private static final String BETWEEN = "; ";

  /** Characters that would make two configs the same text, or a text two lines. */
  private static final Pattern UNFIT = Pattern.compile("[;\\p{Cntrl}]");

  private ConfigText() {}

  /**
   * Refuses an entry that cannot be written as part of a line.
   *
   * @throws ExperimentException if a key or a value is not set, or holds a semicolon, a control
   *     character, or blanks at its ends
   */
  static void require(String key, String value) {
    boolean fits =
        key != null
            && value != null
            && !key.contains("=")
            && !key.isEmpty()
            && fits(key)
            && fits(value);
    if (!fits) {
      throw new ExperimentException(
          """
          grid cell %s = "%s": keys and values are texts without semicolons, line breaks and blanks \
          at their ends, and keys without =."""
              .formatted(key, value));
    }
  }

  private static boolean fits(String text) {
    return text.equals(text.strip()) && !UNFIT.matcher(text).find();
  }

  /** A value of the grid, as in {@code NUM_STREAMS = "two"}. */
  static String cell(Map<String, String> config) {
    return config.entrySet().stream()
        .map(entry -> entry.getKey() + " = \"" + entry.getValue() + "\"")
        .collect(joining(", "));
  }

  static String of(Map<String, String> config) {
    return new TreeMap<>(config)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(joining(BETWEEN));
  }

  /**
   * Returns the config that a text stands for.
   *
   * @throws ExperimentException if the text is not a config
   */
  static SortedMap<String, String> parse(String text) {
    SortedMap<String, String> config = new TreeMap<>();
    if (text.isBlank()) {
      return config;
    }
    for (String entry : text.split(";", -1)) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        throw new ExperimentException(
            "\"%s\" is no config: it has to look like KEY=VALUE; KEY=VALUE.".formatted(text));
      }
      config.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
    }
    return config;
  }

  /** The difference of a config from the baseline, for instance {@code NUM_STREAMS=2}. */
  static String label(Map<String, String> config, Map<String, String> baseline) {
    TreeSet<String> keys = new TreeSet<>(config.keySet());
    keys.addAll(baseline.keySet());
    String differences =
        keys.stream()
            .filter(key -> !Objects.equals(config.get(key), baseline.get(key)))
            .map(key -> config.containsKey(key) ? key + "=" + config.get(key) : "no " + key)
            .collect(joining(", "));
    return differences.isEmpty() ? "baseline" : differences;
  }
}

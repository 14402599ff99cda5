package dev.ovchat.openvino;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Advice on what to try instead, after OpenVINO has refused a config.
 *
 * <p>OpenVINO decides, not we: some keys work although no device lists them (CACHE_DIR), so nothing
 * is checked beforehand.
 */
final class ConfigAdvice {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  /** Keys that OpenVINO takes for any device, although no device lists them as supported. */
  private static final List<String> UNLISTED = List.of("CACHE_DIR", "ENABLE_MMAP");

  /** Keys that are listed as supported too, but can only be read. */
  private static final Pattern READ_ONLY =
      Pattern.compile(
          "(AVAILABLE|RANGE|FULL|OPTIMIZATION|OPTIMAL|SUPPORTED|EXECUTION_DEVICES|DEVICE_TYPE"
              + "|DEVICE_ARCHITECTURE|COMPATIBILITY_CHECK|NETWORK_NAME).*");

  private static final Pattern UNKNOWN_KEY = Pattern.compile("Unsupported (property|config key)");

  /** Values of the keys for which OpenVINO's own message names none. */
  private static final Map<String, String> VALUES =
      Map.of(
          "PERFORMANCE_HINT", "LATENCY, THROUGHPUT or CUMULATIVE_THROUGHPUT",
          "NUM_STREAMS", "a whole number of 0 or more, AUTO or NUMA",
          "ENABLE_MMAP", "YES or NO",
          "CACHE_DIR", "a folder that can be written to, or nothing for no cache");

  private ConfigAdvice() {}

  /** Sentences to put after OpenVINO's reason; empty if the reason is not the config. */
  static String on(String reason, Device device, Map<String, String> config) {
    List<String> named = config.keySet().stream().filter(key -> hasWord(reason, key)).toList();
    if (UNKNOWN_KEY.matcher(reason).find()) {
      List<String> settable = settable(device);
      return named.stream().map(key -> " " + onKey(key, settable)).collect(Collectors.joining());
    }
    return config.entrySet().stream()
        .filter(
            entry ->
                named.isEmpty()
                    ? isAbout(reason, entry.getKey(), entry.getValue())
                    : named.contains(entry.getKey()))
        .map(entry -> " " + onValue(entry.getKey(), entry.getValue(), reason))
        .collect(Collectors.joining());
  }

  /**
   * Tests whether a reason is about an entry: where OpenVINO's message does not name the key, it
   * mostly repeats the value.
   */
  private static boolean isAbout(String reason, String key, String value) {
    return switch (key) {
      case "PERFORMANCE_HINT" -> reason.contains("performance mode hint");
      case "NUM_STREAMS" -> reason.contains("number of streams");
      default -> value.chars().anyMatch(Character::isLetter) && hasWord(reason, value);
    };
  }

  private static boolean hasWord(String sentence, String word) {
    return Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(word) + "(?![A-Za-z0-9_])")
        .matcher(sentence)
        .find();
  }

  static String onKey(String key, List<String> settable) {
    if (READ_ONLY.matcher(key).matches()) {
      return key + " can only be read.";
    }
    String near = nearest(key, settable);
    return near.isEmpty()
        ? "The keys there are: " + String.join(", ", settable) + "."
        : "Instead of %s, did you mean %s?".formatted(key, near);
  }

  private static String onValue(String key, String value, String reason) {
    String allowed = VALUES.containsKey(key) ? " Allowed: " + VALUES.get(key) + "." : "";
    String near = nearest(value, valuesIn(reason + ", " + VALUES.getOrDefault(key, ""), value));
    return "The config has %s=%s.%s%s"
        .formatted(key, value, allowed, near.isEmpty() ? "" : " Did you mean " + near + "?");
  }

  /** The words of a sentence that look like values: ov::hint::PerformanceMode::LATENCY, bf16. */
  private static List<String> valuesIn(String sentence, String refused) {
    return Arrays.stream(sentence.split("[^A-Za-z0-9_:]+"))
        .map(word -> word.substring(word.lastIndexOf(':') + 1))
        .filter(word -> word.matches("[A-Z_]{2,}|[a-z]{1,2}\\d+|true|false"))
        .filter(word -> !word.equals(refused))
        .distinct()
        .toList();
  }

  /** The candidates that are a few letters away, nearest first; upper and lower case are equal. */
  static String nearest(String wanted, List<String> candidates) {
    String word = wanted.strip().toUpperCase(Locale.ROOT);
    int closest = candidates.stream().mapToInt(name -> distance(word, name)).min().orElse(0);
    return candidates.stream()
        .filter(name -> distance(word, name) <= word.length() / 3)
        .filter(name -> closest > 0 || distance(word, name) == 0)
        .sorted(Comparator.comparingInt(name -> distance(word, name)))
        .limit(3)
        .collect(Collectors.joining(" or "));
  }

  private static int distance(String word, String candidate) {
    return DISTANCE.apply(word, candidate.toUpperCase(Locale.ROOT));
  }

  /** The keys that may be set for a device, in alphabetical order. */
  private static List<String> settable(Device device) {
    return Stream.concat(UNLISTED.stream(), supported(device).stream())
        .filter(key -> !READ_ONLY.matcher(key).matches())
        .sorted()
        .toList();
  }

  private static List<String> supported(Device device) {
    try {
      return OpenVino.supportedProperties(device.name());
    } catch (OpenVinoException noList) {
      // A virtual device such as BATCH:CPU has no list of its own; the CPU's keys serve as advice.
      return OpenVino.supportedProperties("CPU");
    }
  }
}

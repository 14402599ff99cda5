package dev.ovchat.openvino;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * What to try instead, after OpenVINO has refused a config.
 *
 * <p>OpenVINO decides, not we: some keys work although no device lists them (CACHE_DIR), so nothing
 * is checked beforehand.
 */
final class ConfigAdvice {
  private static final int SUGGESTIONS = 3;
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private ConfigAdvice() {}

  /** A sentence to put behind OpenVINO's reason, or nothing if the reason is not about a key. */
  static String on(String reason, Device device, Set<String> keys) {
    List<String> refused = keys.stream().filter(key -> mentions(reason, key)).toList();
    if (refused.isEmpty() || !reason.toLowerCase(Locale.ROOT).contains("property")) {
      return "";
    }
    List<String> supported = supported(device);
    return refused.stream()
        .filter(key -> !supported.contains(key))
        .map(key -> " Instead of " + key + ", did you mean " + nearest(key, supported) + "?")
        .collect(Collectors.joining());
  }

  private static boolean mentions(String reason, String key) {
    return !key.isEmpty() && reason.contains(key);
  }

  private static List<String> supported(Device device) {
    try {
      return OpenVino.supportedProperties(device.name());
    } catch (OpenVinoException noList) {
      // A virtual device such as BATCH:CPU has no list of its own; the CPU's keys serve as advice.
      return OpenVino.supportedProperties("CPU");
    }
  }

  static String nearest(String key, List<String> supported) {
    String wanted = key.toUpperCase(Locale.ROOT);
    return supported.stream()
        .sorted(Comparator.comparingInt(candidate -> DISTANCE.apply(wanted, candidate)))
        .limit(SUGGESTIONS)
        .collect(Collectors.joining(" or "));
  }
}

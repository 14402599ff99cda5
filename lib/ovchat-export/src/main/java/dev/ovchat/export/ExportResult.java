package dev.ovchat.export;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The result of an export.
 *
 * @param directory the model directory
 * @param sourceBytes size of the checkpoint's weights that were used
 * @param targetBytes size of the weights that were written
 * @param weights number of weights by storage format, such as {@code INT4_SYM}
 * @param duration time that the export took
 */
public record ExportResult(
    Path directory,
    long sourceBytes,
    long targetBytes,
    Map<String, Long> weights,
    Duration duration) {

  public ExportResult {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /** Sizes, duration and shares of the storage formats, on one line. */
  @Override
  public String toString() {
    long all = weights.values().stream().mapToLong(Long::longValue).sum();
    String shares =
        weights.entrySet().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT, "%.0f %% %s", 100.0 * entry.getValue() / all, entry.getKey()))
            .collect(joining(", "));
    return String.format(
        Locale.ROOT,
        "%s: %.1f MB of weights from %.1f MB in %.1f s; %s",
        directory,
        targetBytes / 1e6,
        sourceBytes / 1e6,
        duration.toMillis() / 1e3,
        shares);
  }
}

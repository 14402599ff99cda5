package dev.ovchat.export;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The result of an export.
 *
 * @param directory the model directory
 * @param sourceBytes size of the checkpoint's weights that were used
 * @param targetBytes size of the weights that were written
 * @param weights number of weights by storage format, such as {@code INT4_SYM}
 * @param duration time that the export took
 * @param leftOut the parts of a model that takes images, too, that were not exported, such as
 *     {@code vision_tower}; empty where the model is nothing but a text model
 */
public record ExportResult(
    Path directory,
    long sourceBytes,
    long targetBytes,
    Map<String, Long> weights,
    Duration duration,
    Set<String> leftOut) {

  public ExportResult {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    leftOut = Collections.unmodifiableSet(new TreeSet<>(leftOut));
  }

  /** Sizes, duration, shares of the storage formats, and what was left out, on one line. */
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
        "%s: %.1f MB of weights from %.1f MB in %.1f s; %s%s",
        directory,
        targetBytes / 1e6,
        sourceBytes / 1e6,
        duration.toMillis() / 1e3,
        shares,
        leftOut.isEmpty() ? "" : "; the text model alone, without " + String.join(", ", leftOut));
  }
}

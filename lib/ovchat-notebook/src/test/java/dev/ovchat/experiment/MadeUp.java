package dev.ovchat.experiment;

import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs that nobody ran. */
final class MadeUp {
  static final Map<String, String> BASELINE =
      new TreeMap<>(Map.of("CACHE_DIR", "", "NUM_STREAMS", "1"));
  static final TokenIds TEXT = TokenIds.of(5, 6, 7);

  private MadeUp() {}

  static Provenance provenance(Map<String, String> changes) {
    Map<String, String> values = new HashMap<>();
    Provenance.COLUMNS.forEach(column -> values.put(column, "some " + column));
    values.put(Provenance.BASELINE, ConfigText.of(BASELINE));
    values.putAll(changes);
    return new Provenance(values);
  }

  static Map<String, String> with(String key, String value) {
    Map<String, String> config = new TreeMap<>(BASELINE);
    config.put(key, value);
    return config;
  }

  static Run run(Map<String, String> config, int round, double speed, TokenIds... texts) {
    Measured measured =
        new Measured(
            300, 20.5, speed, 412.25, Double.NaN, List.of(texts), Map.of("NUM_STREAMS", "1"));
    return new Run("2026-11-21T10:00:00Z", 7, round, config, Optional.of(measured), "");
  }

  static Run failed(Map<String, String> config, int round, String reason) {
    return new Run("2026-11-21T10:00:00Z", 7, round, config, Optional.empty(), reason);
  }

  /** A run for each round. */
  static List<Run> runs(Map<String, String> config, TokenIds text, double... speeds) {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < speeds.length; i++) {
      runs.add(run(config, i + 1, speeds[i], text));
    }
    return runs;
  }

  @SafeVarargs
  static Results results(List<Run>... runs) {
    return Results.of(provenance(Map.of()), List.of(runs).stream().flatMap(List::stream).toList());
  }
}

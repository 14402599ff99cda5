package dev.ovchat.table;

import dev.ovchat.generate.Generation;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Map;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.DoubleColumnType;

/** Tables of the results of a chat's steps. */
public final class Tables {
  private Tables() {}

  /** Times, speed and peak memory of a generation: a row per figure, with its unit. */
  public static Table metrics(Generation generation) {
    var metrics = generation.metrics();
    return Table.create(
        "Metrics",
        StringColumn.create(
            "figure",
            "load model",
            "first token",
            "each further token",
            "95 % of them at most",
            "speed",
            "peak memory"),
        DoubleColumn.create(
            "value",
            rounded(metrics.loadMillis()),
            rounded(metrics.firstTokenMillis()),
            rounded(metrics.perTokenMillis()),
            rounded(metrics.perTokenP95Millis()),
            rounded(metrics.tokensPerSecond()),
            metrics.peakResidentBytes().isEmpty()
                ? DoubleColumnType.missingValueIndicator()
                : rounded(metrics.peakResidentBytes().getAsLong() / 1e6)),
        StringColumn.create("unit", "ms", "ms", "ms", "ms", "tokens/s", "MB"));
  }

  /**
   * One row per token: its position, its id, and the text that it stands for, with visible spaces.
   */
  public static Table tokens(Tokenizer tokenizer, TokenIds ids) {
    IntColumn places = IntColumn.create("place");
    IntColumn numbers = IntColumn.create("id");
    StringColumn tokens = StringColumn.create("token");
    for (int i = 0; i < ids.size(); i++) {
      places.append(i);
      numbers.append(ids.get(i));
      tokens.append(tokenizer.visibleToken(ids.get(i)));
    }
    return Table.create("Tokens", places, numbers, tokens);
  }

  /** One row per property: its key and its value, in the map's order. */
  public static Table config(Map<String, String> config) {
    return Table.create(
        "Config",
        StringColumn.create("key", config.keySet()),
        StringColumn.create("value", config.values()));
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}

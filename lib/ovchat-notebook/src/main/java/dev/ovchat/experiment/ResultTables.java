package dev.ovchat.experiment;

import static java.util.stream.Collectors.toMap;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables of {@link Results}. Columns hold unrounded values, and print a few digits of them. */
final class ResultTables {
  static final String SAME_TEXTS = "same texts";
  private static final String CONFIG = "config";

  private ResultTables() {}

  /**
   * @param comparisons number of configs that are compared with the baseline
   */
  static Table configs(List<ConfigRuns> configs, ConfigRuns baseline, int comparisons) {
    var ofEach = new StudentsT(comparisons + 1);
    Table table = Table.create("Results", texts(CONFIG, configs, ConfigRuns::label));
    table.addColumns(
        numbers(RunTable.LOAD, "0", configs, config -> config.median(Measured::loadMillis)),
        numbers(
            RunTable.FIRST_TOKEN,
            "0.0",
            configs,
            config -> config.median(Measured::firstTokenMillis)),
        numbers(RunTable.SPEED, "0.0", configs, config -> config.median(Measured::tokensPerSecond)),
        bound(RunTable.SPEED + " from", configs, ofEach, RatioInterval::lower),
        bound(RunTable.SPEED + " to", configs, ofEach, RatioInterval::upper),
        numbers(RunTable.MEMORY, "0", configs, config -> config.median(Measured::peakMegabytes)),
        numbers(
            RunTable.PERPLEXITY, "0.00", configs, config -> config.median(Measured::perplexity)),
        flags("same text", configs, config -> config.sameTexts(baseline).map(SameTexts::all)),
        texts(
            SAME_TEXTS,
            configs,
            config -> config.sameTexts(baseline).map(SameTexts::toString).orElse("")));
    var t = new StudentsT(comparisons);
    ratios(
            "speed-up",
            configs.stream()
                .map(
                    config ->
                        config.config().equals(baseline.config())
                            ? Optional.<RatioInterval>empty()
                            : config.speedUpOver(baseline, t))
                .toList())
        .forEach(table::addColumns);
    table.addColumns(
        IntColumn.create("runs", configs.stream().mapToInt(c -> c.runs().size()).toArray()),
        texts(RunTable.REASON, configs, ConfigRuns::reason));
    return table;
  }

  /** A column of bounds; missing where the rounds are too few, or too far apart. */
  private static DoubleColumn bound(
      String name, List<ConfigRuns> configs, StudentsT t, ToDoubleFunction<RatioInterval> bound) {
    return numbers(
        name,
        "0.0",
        configs,
        config ->
            config
                .speed(t)
                .filter(RatioInterval::isBounded)
                .map(bound::applyAsDouble)
                .orElse(Double.NaN));
  }

  static Table effective(List<ConfigRuns> configs) {
    Table table = Table.create("Effective values", texts(CONFIG, configs, ConfigRuns::label));
    TreeSet<String> keys = new TreeSet<>();
    configs.forEach(
        config -> config.measured().forEach(run -> keys.addAll(run.effective().keySet())));
    configs.forEach(config -> keys.addAll(config.config().keySet()));
    for (String key : keys) {
      table.addColumns(
          texts(
              key,
              configs,
              config ->
                  config.measured().stream()
                      .map(run -> run.effective().getOrDefault(key, ""))
                      .findFirst()
                      .orElse("")));
    }
    return table;
  }

  static Table comparison(Results now, Results earlier) {
    Map<Map<String, String>, ConfigRuns> before =
        earlier.configs().stream()
            .filter(config -> !config.measured().isEmpty())
            .collect(toMap(ConfigRuns::config, config -> config));
    List<ConfigRuns> both =
        now.configs().stream()
            .filter(config -> !config.measured().isEmpty())
            .filter(config -> before.containsKey(config.config()))
            .toList();
    if (both.isEmpty()) {
      throw new ExperimentException(
          "The two experiments have no config in common: there is nothing to compare.");
    }
    Function<ConfigRuns, ConfigRuns> old = config -> before.get(config.config());
    Table table = Table.create("Comparison", texts(CONFIG, both, ConfigRuns::label));
    table.addColumns(
        numbers(
            "earlier tokens/s",
            "0.0",
            both,
            config -> old.apply(config).median(Measured::tokensPerSecond)),
        numbers("tokens/s", "0.0", both, config -> config.median(Measured::tokensPerSecond)));
    var t = new StudentsT(both.size());
    ratios(
            "ratio",
            both.stream()
                .map(
                    config ->
                        Optional.of(
                            RatioInterval.unpaired(speeds(config), speeds(old.apply(config)), t)))
                .toList())
        .forEach(table::addColumns);
    table.addColumns(
        flags(
            "same text", both, config -> config.sameTexts(old.apply(config)).map(SameTexts::all)));
    return table;
  }

  private static double[] speeds(ConfigRuns config) {
    return config.measured().stream().mapToDouble(Measured::tokensPerSecond).toArray();
  }

  static Table differences(Provenance now, Provenance earlier) {
    List<String> columns = now.differencesFrom(earlier);
    return Table.create(
        "Differences",
        StringColumn.create("what", columns),
        StringColumn.create("earlier", columns.stream().map(earlier.values()::get).toList()),
        StringColumn.create("now", columns.stream().map(now.values()::get).toList()));
  }

  private static StringColumn texts(
      String name, List<ConfigRuns> rows, Function<ConfigRuns, String> text) {
    return StringColumn.create(name, rows.stream().map(text).toList());
  }

  private static BooleanColumn flags(
      String name, List<ConfigRuns> rows, Function<ConfigRuns, Optional<Boolean>> flag) {
    BooleanColumn column = BooleanColumn.create(name);
    rows.forEach(row -> column.append(flag.apply(row).orElse(null)));
    return column;
  }

  private static List<DoubleColumn> ratios(String name, List<Optional<RatioInterval>> rows) {
    return List.of(
        ratio(name, rows, RatioInterval::ratio),
        ratio("at least", rows, RatioInterval::lower),
        ratio("at most", rows, RatioInterval::upper));
  }

  private static DoubleColumn ratio(
      String name, List<Optional<RatioInterval>> rows, ToDoubleFunction<RatioInterval> part) {
    return numbers(name, "0.00", rows, row -> row.map(part::applyAsDouble).orElse(Double.NaN));
  }

  /** A column of numbers; NaN is a missing value. */
  static <T> DoubleColumn numbers(
      String name, String digits, List<T> rows, ToDoubleFunction<T> value) {
    DoubleColumn column = DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    column.setPrintFormatter(
        new DecimalFormat(digits, DecimalFormatSymbols.getInstance(Locale.ROOT)), "");
    return column;
  }
}

package dev.ovchat.experiment;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;
import tech.tablesaw.io.csv.CsvWriteOptions;

/** Runs as a table, a row for each, with their provenance; and as CSV. */
final class RunTable {
  static final String LOAD = "load (ms)";
  static final String FIRST_TOKEN = "first token (ms)";
  static final String SPEED = "tokens/s";
  static final String MEMORY = "memory (MB)";
  static final String PERPLEXITY = "perplexity";
  static final String REASON = "reason";

  private static final List<String> OWN =
      List.of(
          "date",
          "seed",
          "round",
          "config",
          LOAD,
          FIRST_TOKEN,
          SPEED,
          MEMORY,
          "answer",
          "effective",
          REASON);

  /** Longest field, in characters: a long completion is one field. */
  private static final int LONGEST_FIELD = 10_000_000;

  private RunTable() {}

  static Table of(Provenance provenance, List<Run> runs) {
    Table table = Table.create("Runs");
    table.addColumns(
        texts("date", runs, Run::date),
        texts("config", runs, run -> ConfigText.of(run.config())),
        IntColumn.create("round", runs.stream().mapToInt(Run::round).toArray()),
        figures(LOAD, runs, Measured::loadMillis),
        figures(FIRST_TOKEN, runs, Measured::firstTokenMillis),
        figures(SPEED, runs, Measured::tokensPerSecond),
        figures(MEMORY, runs, Measured::peakMegabytes),
        figures(PERPLEXITY, runs, Measured::perplexity),
        texts(REASON, runs, Run::reason),
        measuredTexts("effective", runs, measured -> ConfigText.of(measured.effective())),
        measuredTexts("answer", runs, measured -> Request.texts(measured.answers())));
    provenance
        .values()
        .forEach((column, value) -> table.addColumns(texts(column, runs, run -> value)));
    table.addColumns(texts("seed", runs, run -> "" + run.seed()));
    return table;
  }

  /**
   * @param header whether the columns' names come first
   */
  static String csv(Provenance provenance, List<Run> runs, boolean header) {
    StringWriter text = new StringWriter();
    of(provenance, runs)
        .write()
        .usingOptions(
            CsvWriteOptions.builder(text)
                .header(header)
                .lineEnd("\n")
                .quoteChar('"')
                .escapeChar('"')
                .build());
    return text.toString();
  }

  /** Tests whether a text has the columns that {@link #csv} writes, in their order. */
  static boolean hasOwnColumns(String csv) {
    Table none = of(new Provenance(Map.of()), List.of());
    return parse(csv).columnNames().equals(none.columnNames());
  }

  /**
   * Reads the runs that {@link #csv} wrote.
   *
   * @return each run with its provenance
   * @throws ExperimentException if it is something else; the message names no file
   */
  static List<Map.Entry<Provenance, Run>> read(String csv) {
    Table table = parse(csv);
    List<String> lacking = new ArrayList<>(OWN);
    lacking.addAll(Provenance.COLUMNS);
    lacking.removeAll(Provenance.ADDED.keySet());
    lacking.removeAll(table.columnNames());
    if (!lacking.isEmpty()) {
      throw new ExperimentException("it lacks the columns " + String.join(", ", lacking));
    }
    List<Map.Entry<Provenance, Run>> runs = new ArrayList<>();
    for (Row row : table) {
      runs.add(Map.entry(provenance(row), run(row)));
    }
    return runs;
  }

  private static Table parse(String csv) {
    try {
      return Table.read()
          .usingOptions(
              CsvReadOptions.builder(new StringReader(csv))
                  .columnTypes(name -> ColumnType.STRING)
                  .maxCharsPerColumn(LONGEST_FIELD)
                  .build());
    } catch (RuntimeException e) {
      throw new ExperimentException("it is no CSV: " + e.getMessage(), e);
    }
  }

  private static Provenance provenance(Row row) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String column : Provenance.COLUMNS) {
      boolean isThere = row.columnNames().contains(column);
      values.put(column, isThere ? row.getString(column) : Provenance.ADDED.get(column));
    }
    return new Provenance(values);
  }

  private static Run run(Row row) {
    try {
      String reason = row.getString(REASON);
      return new Run(
          row.getString("date"),
          Long.parseLong(row.getString("seed")),
          Integer.parseInt(row.getString("round")),
          ConfigText.parse(row.getString("config")),
          reason.isEmpty() ? Optional.of(measured(row)) : Optional.empty(),
          reason);
    } catch (NumberFormatException e) {
      throw new ExperimentException(
          String.format(
              Locale.ROOT,
              "its row %d holds what is no number: %s",
              row.getRowNumber() + 1,
              e.getMessage()),
          e);
    }
  }

  private static Measured measured(Row row) {
    return new Measured(
        Double.parseDouble(row.getString(LOAD)),
        Double.parseDouble(row.getString(FIRST_TOKEN)),
        Double.parseDouble(row.getString(SPEED)),
        figure(row, MEMORY),
        figure(row, PERPLEXITY),
        Request.texts(row.getString("answer")),
        ConfigText.parse(row.getString("effective")));
  }

  /** A figure that may be missing, as the column may be in files of earlier versions. */
  private static double figure(Row row, String column) {
    String text = row.columnNames().contains(column) ? row.getString(column) : "";
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  private static StringColumn texts(String name, List<Run> runs, Function<Run, String> text) {
    return StringColumn.create(name, runs.stream().map(text).toList());
  }

  private static StringColumn measuredTexts(
      String name, List<Run> runs, Function<Measured, String> text) {
    return texts(name, runs, run -> run.measured().map(text).orElse(""));
  }

  /** A column of figures; missing where a run failed. */
  private static DoubleColumn figures(
      String name, List<Run> runs, ToDoubleFunction<Measured> figure) {
    return DoubleColumn.create(
        name,
        runs.stream()
            .mapToDouble(run -> run.measured().map(figure::applyAsDouble).orElse(Double.NaN))
            .toArray());
  }
}

package dev.ovchat.chart;

import dev.ovchat.message.Digits;
import dev.ovchat.message.VisibleText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * The data that a chart draws.
 *
 * @param points the points, in the order in which they are drawn
 * @param binWidth width of a histogram's bins; 0 for other charts
 * @param notes notes shown with the chart, such as on rows left out
 */
record ChartData(List<ChartPoint> points, double binWidth, List<String> notes) {
  private static final int MOST_LABELS = 200;
  private static final int MOST_POINTS = 5000;
  private static final int MOST_SERIES = 20;

  /**
   * The largest magnitude that is drawn: beyond it the length of an axis, and the end of a bin, may
   * be infinite.
   */
  private static final double LARGEST = 1e300;

  ChartData {
    points = List.copyOf(points);
    notes = List.copyOf(notes);
  }

  /** The names of the series, in the order of their first points. */
  List<String> series() {
    return points.stream().map(ChartPoint::series).distinct().toList();
  }

  /** The labels, in the order of their first points. */
  List<String> labels() {
    return points.stream().map(ChartPoint::label).distinct().toList();
  }

  /** The points of one series, in their order. */
  List<ChartPoint> pointsOf(String series) {
    return points.stream().filter(point -> point.series().equals(series)).toList();
  }

  /** The axis of the values: all of them and their intervals are on it. */
  Axis valueAxis(boolean fromZero) {
    DoubleStream ends =
        points.stream()
            .filter(ChartPoint::hasInterval)
            .flatMapToDouble(point -> DoubleStream.of(point.low(), point.high()));
    return Axis.of(DoubleStream.concat(points.stream().mapToDouble(ChartPoint::y), ends), fromZero);
  }

  /** The x axis; of a histogram, including the end of its last bin. */
  Axis placeAxis() {
    return Axis.of(
        points.stream().flatMapToDouble(point -> DoubleStream.of(point.x(), point.x() + binWidth)),
        false);
  }

  static ChartData of(ChartKind kind, Table table, ChartColumns columns) {
    NumericColumn<?> values = numbers(table, columns.y(), kind);
    if (kind == ChartKind.HISTOGRAM) {
      return Bins.of(values);
    }
    Column<?> places =
        kind.hasTwoNumbers() ? numbers(table, columns.x(), kind) : column(table, columns.x());
    Column<?> labels = columns.names().<Column<?>>map(it -> column(table, it)).orElse(places);
    Optional<Column<?>> series = columns.series().map(name -> column(table, name));
    Optional<Intervals> intervals = columns.interval().map(it -> Intervals.of(table, it, kind));
    int[] whole =
        IntStream.range(0, table.rowCount())
            .filter(
                row -> isFinite(values, row) && (!kind.hasTwoNumbers() || isFinite(places, row)))
            .toArray();
    List<String> notes = new ArrayList<>(leftOut(table.rowCount() - whole.length));
    int[] drawn = kind.hasTwoNumbers() ? thinned(whole, notes) : first(whole, notes);
    List<ChartPoint> points = new ArrayList<>();
    for (int row : drawn) {
      String name = series.map(column -> shown(column, row)).orElse("");
      double place = kind.hasTwoNumbers() ? ((NumericColumn<?>) places).getDouble(row) : 0;
      ChartPoint point = new ChartPoint(shown(labels, row), place, values.getDouble(row), name);
      points.add(intervals.map(it -> it.at(row, point)).orElse(point));
    }
    intervals.ifPresent(it -> notes.addAll(it.notes(points)));
    ChartData data = new ChartData(kind == ChartKind.BAR ? told(points) : points, 0, notes);
    if (data.series().size() > MOST_SERIES) {
      throw new ChartException(
          String.format(
              Locale.ROOT,
              "A chart shows %d series at most, but \"%s\" has %d values. Filter the table.",
              MOST_SERIES,
              columns.series().orElse(""),
              data.series().size()));
    }
    return data;
  }

  private static String shown(Column<?> column, int row) {
    return column.isMissing(row) ? "" : VisibleText.onOneLine(CellText.of(column, row));
  }

  /**
   * Numbers the labels of bars that have the same label in one series, since those would overlap.
   */
  private static List<ChartPoint> told(List<ChartPoint> points) {
    Map<String, Set<String>> taken = new HashMap<>();
    return points.stream()
        .map(
            point -> {
              Set<String> others = taken.computeIfAbsent(point.series(), name -> new HashSet<>());
              String label = unlike(others, point.label());
              return point.labelled(label);
            })
        .toList();
  }

  /** Returns the label, with a number if it is taken, and marks it as taken. */
  static String unlike(Set<String> taken, String label) {
    String unlike = label;
    for (int i = 2; !taken.add(unlike); i++) {
      unlike = label + " (" + i + ")";
    }
    return unlike;
  }

  private static int[] first(int[] rows, List<String> notes) {
    if (rows.length <= MOST_LABELS) {
      return rows;
    }
    notes.add(
        String.format(
            Locale.ROOT, "the first %d of %s values", MOST_LABELS, Digits.grouped(rows.length)));
    return IntStream.of(rows).limit(MOST_LABELS).toArray();
  }

  private static int[] thinned(int[] rows, List<String> notes) {
    int every = (rows.length + MOST_POINTS - 1) / MOST_POINTS;
    if (every <= 1) {
      return rows;
    }
    notes.add(
        String.format(Locale.ROOT, "one in %d of %s points", every, Digits.grouped(rows.length)));
    return IntStream.range(0, rows.length).filter(i -> i % every == 0).map(i -> rows[i]).toArray();
  }

  static List<String> leftOut(int rows) {
    return rows == 0
        ? List.of()
        : List.of(
            "%s %s without a finite number left out"
                .formatted(Digits.grouped(rows), rows == 1 ? "row" : "rows"));
  }

  static boolean isFinite(Column<?> column, int row) {
    return Math.abs(((NumericColumn<?>) column).getDouble(row)) <= LARGEST
        && !column.isMissing(row);
  }

  private static Column<?> column(Table table, String name) {
    return table.columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ChartException(
                    "The table has no column \"%s\". It has: %s."
                        .formatted(name, String.join(", ", table.columnNames()))));
  }

  static NumericColumn<?> numbers(Table table, String name, ChartKind kind) {
    if (column(table, name) instanceof NumericColumn<?> numbers) {
      return numbers;
    }
    List<String> those =
        table.columns().stream().filter(NumericColumn.class::isInstance).map(Column::name).toList();
    throw new ChartException(
        "A %s needs numbers, but the column \"%s\" holds %s. Columns with numbers: %s."
            .formatted(
                kind,
                name,
                column(table, name).type().name().toLowerCase(Locale.ROOT),
                those.isEmpty() ? "none" : String.join(", ", those)));
  }
}

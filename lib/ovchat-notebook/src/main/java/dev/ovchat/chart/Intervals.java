package dev.ovchat.chart;

import dev.ovchat.message.Digits;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/** The intervals of a chart's values, from two columns of its table. */
record Intervals(NumericColumn<?> lower, NumericColumn<?> upper) {

  static Intervals of(Table table, ChartColumns.IntervalColumns columns, ChartKind kind) {
    return new Intervals(
        ChartData.numbers(table, columns.lower(), kind),
        ChartData.numbers(table, columns.upper(), kind));
  }

  /** Returns the point with its row's interval, or without one if an end is unknown. */
  ChartPoint at(int row, ChartPoint point) {
    if (!ChartData.isFinite(lower, row) || !ChartData.isFinite(upper, row)) {
      return point;
    }
    return new ChartPoint(
        point.label(),
        point.x(),
        point.y(),
        point.series(),
        lower.getDouble(row),
        upper.getDouble(row));
  }

  /** Notes on the meaning of the thin lines, and on the number of points without one. */
  List<String> notes(List<ChartPoint> points) {
    long without = points.stream().filter(point -> !point.hasInterval()).count();
    List<String> notes = new ArrayList<>();
    if (without < points.size()) {
      notes.add(
          "thin lines: from \"%s\" to \"%s\""
              .formatted(ColumnTitle.of(lower.name()), ColumnTitle.of(upper.name())));
    }
    if (without > 0) {
      notes.add(
          "%s %s no interval"
              .formatted(Digits.grouped(without), without == 1 ? "value has" : "values have"));
    }
    return notes;
  }
}

package dev.ovchat.chart;

import java.util.Optional;

/**
 * The names of the columns that a chart shows.
 *
 * @param x the column of x values or labels
 * @param y the column of values
 * @param series the column whose values make the series
 * @param names the column with the names of the dots
 * @param interval the columns with the interval of each value
 */
record ChartColumns(
    String x,
    String y,
    Optional<String> series,
    Optional<String> names,
    Optional<IntervalColumns> interval) {

  /** The columns that hold an interval's ends. */
  record IntervalColumns(String lower, String upper) {}

  ChartColumns(String x, String y) {
    this(x, y, Optional.empty(), Optional.empty(), Optional.empty());
  }

  ChartColumns withSeries(String column) {
    return new ChartColumns(x, y, Optional.of(column), names, interval);
  }

  ChartColumns withNames(String column) {
    return new ChartColumns(x, y, series, Optional.of(column), interval);
  }

  ChartColumns withInterval(String lower, String upper) {
    return new ChartColumns(x, y, series, names, Optional.of(new IntervalColumns(lower, upper)));
  }
}

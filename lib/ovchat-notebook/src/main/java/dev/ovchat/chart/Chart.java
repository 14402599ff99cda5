package dev.ovchat.chart;

import dev.ovchat.message.VisibleText;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tech.tablesaw.api.Table;

/**
 * A chart of a table's columns. A cell whose last value is a chart shows it: in JupyterLab as an
 * interactive Vega-Lite chart, elsewhere as a PNG image, and where no image can be shown as text.
 *
 * <pre>{@code
 * Chart.bar(results, "config", "tokens/s").interval("tokens/s from", "tokens/s to")
 * Chart.line(times, "prompt tokens", "first token (ms)").series("model")
 * Chart.scatter(results, "memory (MB)", "tokens/s").names("config").title("Memory against speed")
 * }</pre>
 *
 * <p>A chart is immutable, and keeps a copy of the table. The titles of its axes are the names of
 * the columns unless others are given, so a column's name should carry its unit. The axis of values
 * of bars and lines has 0 on it, so that noise does not look like structure; a line can do without
 * ({@link #fromZero}). Rows whose number is missing, infinite or beyond 1e300 are left out, and a
 * note in the chart says so; of very many rows only some are drawn, and a note says how many. A
 * table without rows gives a chart that says so.
 */
public final class Chart {
  private final ChartKind kind;
  private final Table table;
  private final ChartColumns columns;
  private final Options options;
  private final ChartData data;

  private record Options(String title, String x, String y, boolean fromZero) {}

  private Chart(ChartKind kind, Table table, ChartColumns columns, Options options) {
    this.kind = kind;
    this.table = table;
    this.columns = columns;
    this.options = options;
    this.data = ordered(kind, ChartData.of(kind, table, columns));
  }

  private static Chart of(ChartKind kind, Table table, String x, String y, String yTitle) {
    Options options =
        new Options("", ColumnTitle.of(x), ColumnTitle.of(yTitle), kind != ChartKind.SCATTER);
    return new Chart(kind, table.copy(), new ChartColumns(x, y), options);
  }

  /**
   * A chart with a bar per row, as long as its number {@code y}, with its {@code x} of any type as
   * the label. The bars are horizontal, so that labels can be long; they begin at 0.
   *
   * @throws ChartException if a column is not there, or {@code y} holds no numbers
   */
  public static Chart bar(Table table, String x, String y) {
    return of(ChartKind.BAR, table, x, y, y);
  }

  /**
   * A chart with a line through the points ({@code x}, {@code y}), from the smallest x to the
   * largest.
   *
   * @throws ChartException if a column is not there, or holds no numbers
   */
  public static Chart line(Table table, String x, String y) {
    return of(ChartKind.LINE, table, x, y, y);
  }

  /**
   * A chart with a dot per row at ({@code x}, {@code y}).
   *
   * @throws ChartException if a column is not there, or holds no numbers
   */
  public static Chart scatter(Table table, String x, String y) {
    return of(ChartKind.SCATTER, table, x, y, y);
  }

  /**
   * A histogram: the number of rows with a value in each of several bins of equal width.
   *
   * @throws ChartException if the column is not there, or holds no numbers
   */
  public static Chart histogram(Table table, String value) {
    return of(ChartKind.HISTOGRAM, table, value, value, "rows");
  }

  /**
   * A row of cells, each with its label and its number, in a colour that is darker for larger
   * numbers; for instance the tokens of a completion with the entropy at each. A long row is broken
   * into lines.
   *
   * @throws ChartException if a column is not there, or {@code value} holds no numbers
   */
  public static Chart heatRow(Table table, String label, String value) {
    return of(ChartKind.HEAT_ROW, table, label, value, value);
  }

  /** The same chart with this title above it. */
  public Chart title(String title) {
    return with(new Options(Objects.requireNonNull(title), options.x, options.y, options.fromZero));
  }

  /** The same chart with this title of the x axis; of bars, of their labels. */
  public Chart xTitle(String title) {
    return with(
        new Options(options.title, Objects.requireNonNull(title), options.y, options.fromZero));
  }

  /** The same chart with this title of the values: of the y axis; of a heat row, of its colours. */
  public Chart yTitle(String title) {
    return with(
        new Options(options.title, options.x, Objects.requireNonNull(title), options.fromZero));
  }

  /**
   * The same chart with 0 on its axis of values, or with an axis that begins near the smallest
   * value. By default line charts have 0 on it, scatter charts need not.
   *
   * @throws ChartException if these are bars, whose lengths mean nothing without it, or a heat row,
   *     which has no axis
   */
  public Chart fromZero(boolean fromZero) {
    if (!kind.hasTwoNumbers()) {
      throw new ChartException(
          "The axis of a %s cannot be chosen. It can for a line and a scatter chart."
              .formatted(kind));
    }
    return with(new Options(options.title, options.x, options.y, fromZero));
  }

  /**
   * The same chart with a series, in a colour of its own, for each value of this column.
   *
   * @throws ChartException if the column is not there, or this is a histogram or a heat row, which
   *     have one series
   */
  public Chart series(String column) {
    if (kind == ChartKind.HISTOGRAM || kind == ChartKind.HEAT_ROW) {
      throw new ChartException(
          "A %s has one series. Make one chart for each value of \"%s\".".formatted(kind, column));
    }
    return with(columns.withSeries(column));
  }

  /**
   * The same chart with a thin line at each value, from the number in one column to that in
   * another: the interval in which the value may lie. A row that lacks one of them has no line.
   *
   * @throws ChartException if a column is not there, or holds no numbers, or this is a histogram or
   *     a heat row
   */
  public Chart interval(String lower, String upper) {
    if (!kind.hasIntervals()) {
      throw new ChartException(
          "A %s shows no intervals. Bar, line and scatter charts do.".formatted(kind));
    }
    return with(columns.withInterval(lower, upper));
  }

  /**
   * The same scatter chart with the text of this column as the name of each dot. The names stand
   * beside the chart, each joined to its dot by a line.
   *
   * @throws ChartException if the column is not there, or this is another kind of chart
   */
  public Chart names(String column) {
    if (kind != ChartKind.SCATTER) {
      throw new ChartException("A %s has no dots to name.".formatted(kind));
    }
    return with(columns.withNames(column));
  }

  private Chart with(Options changed) {
    return new Chart(kind, table, columns, changed);
  }

  private Chart with(ChartColumns changed) {
    return new Chart(kind, table, changed, options);
  }

  /**
   * Sorts the points of a line chart by x within each series: a line joins its points in their
   * order.
   */
  private static ChartData ordered(ChartKind kind, ChartData data) {
    if (kind != ChartKind.LINE) {
      return data;
    }
    List<String> series = data.series();
    List<ChartPoint> points =
        data.points().stream()
            .sorted(
                Comparator.comparingInt((ChartPoint point) -> series.indexOf(point.series()))
                    .thenComparingDouble(ChartPoint::x))
            .toList();
    return new ChartData(points, data.binWidth(), data.notes());
  }

  ChartKind kind() {
    return kind;
  }

  String title() {
    return VisibleText.onOneLine(options.title);
  }

  String xTitle() {
    return VisibleText.onOneLine(options.x);
  }

  String yTitle() {
    return VisibleText.onOneLine(options.y);
  }

  Optional<String> seriesTitle() {
    return columns.series().map(VisibleText::onOneLine);
  }

  boolean hasNames() {
    return columns.names().isPresent();
  }

  ChartData data() {
    return data;
  }

  Axis valueAxis() {
    return data.valueAxis(options.fromZero);
  }

  /**
   * The chart as a PNG image, 1,280 pixels wide, to be shown at half that size.
   *
   * @throws ChartException if Java cannot draw here: it needs fonts
   */
  public byte[] png() {
    return ChartPng.of(this).bytes();
  }

  /** The chart as a Vega-Lite specification: maps, lists, texts, numbers and booleans. */
  public Map<String, Object> vegaLite() {
    return VegaLite.of(this);
  }

  /** The chart in words: title, axes and values, for those who do not see it. */
  @Override
  public String toString() {
    return ChartText.of(this);
  }
}

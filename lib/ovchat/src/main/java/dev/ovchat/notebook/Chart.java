package dev.ovchat.notebook;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tech.tablesaw.api.Table;

/**
 * A chart of a table's columns. A cell that ends in one shows it: in JupyterLab as an interactive
 * Vega-Lite chart, elsewhere as a PNG image, and where no image can be shown as text.
 *
 * <pre>{@code
 * Chart.bar(results, "config", "tokens/s").title("Speed of each config")
 * Chart.line(times, "prompt tokens", "first token (ms)").series("model")
 * }</pre>
 *
 * <p>It is immutable, and keeps a copy of the table. The titles of its axes are the names of the
 * columns unless others are given, so a column's name should carry its unit. Rows whose number is
 * missing, infinite or beyond 1e300 are left out, and a note in the chart says so; of very many
 * rows some are drawn, and a note says how many. A table without rows gives a chart that says so.
 */
public final class Chart {
  private static final int LETTERS_OF_A_LINE = 75;

  private final ChartKind kind;
  private final Table table;
  private final String x;
  private final String y;
  private final Labels labels;
  private final ChartData data;

  private record Labels(String title, String x, String y, Optional<String> series) {}

  private Chart(ChartKind kind, Table table, String x, String y, Labels labels) {
    this.kind = kind;
    this.table = table;
    this.x = x;
    this.y = y;
    this.labels = labels;
    this.data = ordered(kind, ChartData.of(kind, table, x, y, labels.series()));
  }

  private static Chart of(ChartKind kind, Table table, String x, String y, Labels labels) {
    return new Chart(kind, table.copy(), x, y, labels);
  }

  /**
   * A bar per row, as high as its number {@code y}, with its {@code x} of any type as the label.
   *
   * @throws NotebookException if a column is not there, or {@code y} holds no numbers
   */
  public static Chart bar(Table table, String x, String y) {
    return of(ChartKind.BAR, table, x, y, named(x, y));
  }

  /**
   * A line through the points ({@code x}, {@code y}), from the smallest x to the largest.
   *
   * @throws NotebookException if a column is not there, or holds no numbers
   */
  public static Chart line(Table table, String x, String y) {
    return of(ChartKind.LINE, table, x, y, named(x, y));
  }

  /**
   * A dot per row at ({@code x}, {@code y}).
   *
   * @throws NotebookException if a column is not there, or holds no numbers
   */
  public static Chart scatter(Table table, String x, String y) {
    return of(ChartKind.SCATTER, table, x, y, named(x, y));
  }

  /**
   * How many rows have a number in each of some ranges of equal width.
   *
   * @throws NotebookException if the column is not there, or holds no numbers
   */
  public static Chart histogram(Table table, String value) {
    return of(ChartKind.HISTOGRAM, table, value, value, named(value, "rows"));
  }

  /**
   * A row of cells, each with its label and its number, in a colour that is the darker the larger
   * the number is; for instance the tokens of an answer with the entropy at each. A long row is
   * broken into lines.
   *
   * @throws NotebookException if a column is not there, or {@code value} holds no numbers
   */
  public static Chart heatRow(Table table, String label, String value) {
    return of(ChartKind.HEAT_ROW, table, label, value, named(label, value));
  }

  private static Labels named(String x, String y) {
    return new Labels("", x, y, Optional.empty());
  }

  /** The same chart with this title above it. */
  public Chart title(String title) {
    return with(new Labels(Objects.requireNonNull(title), labels.x, labels.y, labels.series));
  }

  /** The same chart with this title of the x axis. */
  public Chart xTitle(String title) {
    return with(new Labels(labels.title, Objects.requireNonNull(title), labels.y, labels.series));
  }

  /** The same chart with this title of the y axis; of a heat row, of its colours. */
  public Chart yTitle(String title) {
    return with(new Labels(labels.title, labels.x, Objects.requireNonNull(title), labels.series));
  }

  /**
   * The same chart with a series, in a colour of its own, for each value of this column.
   *
   * @throws NotebookException if the column is not there, or this is a histogram or a heat row,
   *     which have one series
   */
  public Chart series(String column) {
    if (kind == ChartKind.HISTOGRAM || kind == ChartKind.HEAT_ROW) {
      throw new NotebookException(
          "A %s has one series. Make one chart for each value of \"%s\".".formatted(kind, column));
    }
    return with(new Labels(labels.title, labels.x, labels.y, Optional.of(column)));
  }

  private Chart with(Labels changed) {
    return new Chart(kind, table, x, y, changed);
  }

  /** Both libraries join the dots of a line in the order they get. */
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
    return VisibleText.onOneLine(labels.title);
  }

  String xTitle() {
    return VisibleText.onOneLine(labels.x);
  }

  String yTitle() {
    return VisibleText.onOneLine(labels.y);
  }

  Optional<String> seriesTitle() {
    return labels.series.map(VisibleText::onOneLine);
  }

  ChartData data() {
    return data;
  }

  /** Whether the labels do not fit beside each other, and have to be slanted. */
  boolean labelsAreLong() {
    List<String> all = data.labels();
    return all.size() * all.stream().mapToInt(String::length).max().orElse(0) > LETTERS_OF_A_LINE;
  }

  /**
   * The chart as a PNG image, 1,280 pixels wide, to be shown half as large.
   *
   * @throws NotebookException if Java cannot draw here: it needs fonts
   */
  public byte[] png() {
    return ChartPng.of(this).bytes();
  }

  /** The chart as a Vega-Lite specification: maps, lists, texts, numbers and truth values. */
  public Map<String, Object> vegaLite() {
    return VegaLite.of(this);
  }

  /** The chart in words: title, axes and values, for those who do not see it. */
  @Override
  public String toString() {
    return ChartText.of(this);
  }
}

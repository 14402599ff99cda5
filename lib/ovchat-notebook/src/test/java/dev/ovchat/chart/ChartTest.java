package dev.ovchat.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

public class ChartTest {
  public static final Table RESULTS =
      Table.create(
          "Results",
          StringColumn.create("config", "a", "b", "c"),
          StringColumn.create("model", "small", "large", "small"),
          IntColumn.create("threads", 4, 1, 2),
          DoubleColumn.create("tokens/s", 50, 70.25, 10));

  private static List<Double> heights(Chart chart) {
    return chart.data().points().stream().map(ChartPoint::y).toList();
  }

  private static Chart histogram(double... values) {
    return Chart.histogram(Table.create("T", DoubleColumn.create("x", values)), "x");
  }

  @Test
  void theTextHasTitleAxesAndValues() {
    assertThat(Chart.bar(RESULTS, "config", "tokens/s").title("Speed").xTitle("way"))
        .hasToString("Speed: bar chart of tokens/s by way\n  a: 50.0\n  b: 70.3\n  c: 10.0");
    assertThat(Chart.scatter(RESULTS, "threads", "tokens/s").series("model").yTitle("speed"))
        .hasToString(
            """
            Scatter chart of speed by threads, for each model
              small, 4: 50.0
              large, 1: 70.3
              small, 2: 10.0\
            """);
  }

  @Test
  void aLineGoesFromLeftToRight() {
    assertThat(heights(Chart.line(RESULTS, "threads", "tokens/s")))
        .containsExactly(70.25, 10.0, 50.0);
    assertThat(heights(Chart.line(RESULTS, "threads", "tokens/s").series("model")))
        .containsExactly(10.0, 50.0, 70.25);
  }

  @Test
  void aChartDoesNotChange() {
    Table table = RESULTS.copy();
    Chart chart = Chart.bar(table, "config", "tokens/s");
    Chart titled = chart.title("Speed");
    table.doubleColumn("tokens/s").set(0, 1.0);
    assertThat(heights(chart.series("model"))).containsExactly(50.0, 70.25, 10.0);
    assertThat(chart.title()).isEmpty();
    assertThat(titled.title()).isEqualTo("Speed");
  }

  @Test
  void whatIsNoFiniteNumberIsLeftOutWithANote() {
    Table table =
        Table.create(
            "T",
            DoubleColumn.create("x", 1, Double.POSITIVE_INFINITY, 3, 4),
            DoubleColumn.create("y", Double.NaN, 2, Double.NEGATIVE_INFINITY, 8));
    Chart line = Chart.line(table, "x", "y");
    assertThat(heights(line)).containsExactly(8.0);
    assertThat(line).asString().endsWith("\n3 rows without a finite number left out");
    assertThat(heights(Chart.bar(table, "x", "y"))).containsExactly(2.0, 8.0);
    assertThat(Chart.histogram(table, "x").data().notes())
        .containsExactly("1 row without a finite number left out");
    Table ints = Table.create("T", IntColumn.create("n", new Integer[] {1, null}));
    assertThat(heights(Chart.bar(ints, "n", "n"))).containsExactly(1.0);
  }

  @Test
  void whatIsBeyondAllAxesIsLeftOutToo() {
    double[] values = {1e308, -1e308, 1e300};
    Table table = Table.create("T", DoubleColumn.create("x", values));
    for (Chart chart :
        List.of(Chart.line(table, "x", "x"), Chart.bar(table, "x", "x"), histogram(values))) {
      assertThat(chart.data().points()).hasSize(1);
      assertThat(chart.data().notes()).containsExactly("2 rows without a finite number left out");
      assertThat(chart.vegaLite().toString()).doesNotContain("Infinity", "NaN");
    }
  }

  @Test
  void barsWithOneLabelGetNumbersThatNoOtherBarHas() {
    Table table =
        Table.create(
            "T",
            StringColumn.create("x", "a", "a", "a (2)", "a"),
            IntColumn.create("y", 1, 2, 3, 4));
    assertThat(Chart.bar(table, "x", "y").data().labels())
        .containsExactly("a", "a (2)", "a (2) (2)", "a (3)");
  }

  @Test
  void anEmptyTableHasNoData() {
    Table empty = RESULTS.emptyCopy();
    for (Chart chart :
        List.of(
            Chart.bar(empty, "config", "tokens/s"),
            Chart.line(empty, "threads", "tokens/s").series("model"),
            Chart.histogram(empty, "threads"),
            Chart.heatRow(empty, "config", "threads"))) {
      assertThat(chart).asString().endsWith("\nno data");
    }
  }

  @Test
  void aWrongColumnIsNamedWithThoseThereAre() {
    assertThatThrownBy(() -> Chart.bar(RESULTS, "confg", "tokens/s"))
        .isInstanceOf(ChartException.class)
        .hasMessage("The table has no column \"confg\". It has: config, model, threads, tokens/s.");
    assertThatThrownBy(() -> Chart.bar(RESULTS, "config", "tokens/s").series("size"))
        .hasMessageContaining("no column \"size\"");
  }

  @Test
  void textIsRefusedWhereNumbersAreNeeded() {
    assertThatThrownBy(() -> Chart.line(RESULTS, "config", "tokens/s"))
        .hasMessage(
            "A line chart needs numbers, but the column \"config\" holds string."
                + " Columns with numbers: threads, tokens/s.");
    assertThatThrownBy(() -> Chart.histogram(RESULTS.selectColumns("config"), "config"))
        .hasMessageEndingWith("Columns with numbers: none.");
  }

  @Test
  void onlyChartsWithRoomForThemHaveSeries() {
    assertThatThrownBy(() -> Chart.heatRow(RESULTS, "config", "tokens/s").series("model"))
        .hasMessage("A heat row has one series. Make one chart for each value of \"model\".");
    Table many = Table.create("T", IntColumn.create("n", IntStream.range(0, 21).toArray()));
    assertThatThrownBy(() -> Chart.scatter(many, "n", "n").series("n"))
        .hasMessage("A chart shows 20 series at most, but \"n\" has 21 values. Filter the table.");
  }

  @Test
  void barsWithTheSameLabelStandApart() {
    Table table = RESULTS.copy();
    table.replaceColumn(StringColumn.create("config", "a", "a", "a"));
    assertThat(Chart.bar(table, "config", "tokens/s").data().labels())
        .containsExactly("a", "a (2)", "a (3)");
    assertThat(Chart.bar(table, "config", "tokens/s").series("model").data().labels())
        .containsExactly("a", "a (2)");
  }

  @Test
  void ofVeryManyRowsSomeAreDrawn() {
    double[] numbers = IntStream.range(0, 1_000_000).asDoubleStream().toArray();
    Table table = Table.create("T", DoubleColumn.create("x", numbers));
    ChartData line = Chart.line(table, "x", "x").data();
    assertThat(line.points()).hasSize(5000);
    assertThat(line.notes()).containsExactly("one in 200 of 1,000,000 points");
    ChartData bars = Chart.bar(table, "x", "x").data();
    assertThat(bars.points()).hasSize(200);
    assertThat(bars.notes()).containsExactly("the first 200 of 1,000,000 values");
    assertThat(heights(Chart.histogram(table, "x")).stream().mapToDouble(d -> d).sum())
        .isEqualTo(1_000_000);
  }

  @Test
  void theBinsOfAHistogramAreRoundAndHoldAllValues() {
    Chart chart = histogram(0, 0.5, 1, 2.2, 9.9, 10, 10, 10, 10);
    assertThat(chart.data().labels()).containsExactly("0 to 5", "5 to 10", "10 to 15");
    assertThat(heights(chart)).containsExactly(4.0, 1.0, 4.0);
  }

  @Test
  void aHistogramOfAnyNumbersHasFewBins() {
    for (double[] values :
        new double[][] {
          {7},
          {7, 7, 7},
          {-1e300, 1e300},
          {1e300, 1e300},
          {1e-300, 2e-300},
          {0, 0},
          {1e15, 1e15 + 0.125},
          {Double.MIN_VALUE, 0}
        }) {
      Chart chart = histogram(values);
      assertThat(chart.data().points()).as(Arrays.toString(values)).hasSizeBetween(1, 30);
      assertThat(heights(chart).stream().mapToDouble(d -> d).sum()).isEqualTo(values.length);
      assertThat(DoubleStream.of(chart.data().binWidth()).allMatch(Double::isFinite)).isTrue();
    }
  }

  @Test
  void labelsAreOneLineEach() {
    Table table =
        Table.create("T", StringColumn.create("token", "\n"), DoubleColumn.create("p", 0.5));
    assertThat(Chart.heatRow(table, "token", "p").title("a\u0007b"))
        .hasToString("a␇b: heat row of p by token\n  ↵: 0.500");
  }

  @Test
  void theNumbersOfATextHaveOneFormat() {
    Table table =
        Table.create("T", StringColumn.create("t", "a", "b"), DoubleColumn.create("p", 2.75, 6e-5));
    assertThat(Chart.heatRow(table, "t", "p")).asString().endsWith("\n  a: 2.75\n  b: <0.01");
  }

  @Test
  void anIntervalIsInTheTextAndSaysWhatItIs() {
    Table table =
        Table.create(
            "T",
            StringColumn.create("x", "a", "b"),
            DoubleColumn.create("Median [y]", 2, 3),
            DoubleColumn.create("Min [y]", 1, 2),
            DoubleColumn.create("Max [y]", 4, Double.POSITIVE_INFINITY));
    assertThat(Chart.bar(table, "x", "Median [y]").interval("Min [y]", "Max [y]"))
        .hasToString(
            """
            Bar chart of y, median by x
              a: 2 (1 to 4)
              b: 3
            thin lines: from "y, min" to "y, max"
            1 value has no interval\
            """);
  }

  @Test
  void namesOfDotsAreInTheText() {
    assertThat(Chart.scatter(RESULTS, "threads", "tokens/s").names("config"))
        .asString()
        .contains("\n  a, 4: 50.0\n  b, 1: 70.3");
  }

  @Test
  void whatAKindCannotShowIsRefused() {
    Chart bar = Chart.bar(RESULTS, "config", "tokens/s");
    assertThatThrownBy(() -> bar.fromZero(false)).hasMessageContaining("of a bar chart cannot");
    assertThatThrownBy(() -> bar.names("model")).hasMessage("A bar chart has no dots to name.");
    assertThatThrownBy(() -> Chart.histogram(RESULTS, "threads").interval("threads", "threads"))
        .hasMessage("A histogram shows no intervals. Bar, line and scatter charts do.");
    assertThatThrownBy(() -> bar.interval("model", "model"))
        .hasMessageContaining("needs numbers, but the column \"model\" holds string");
  }
}

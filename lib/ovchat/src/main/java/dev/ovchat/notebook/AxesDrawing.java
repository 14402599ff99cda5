package dev.ovchat.notebook;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A chart with two axes as a picture, drawn by XChart. */
final class AxesDrawing implements ChartPng.Drawing {
  private static final int HEIGHT = 360;
  static final int MOST_LABELS = 24;

  /** Steep, since XChart leaves out a label that would begin left of the picture. */
  private static final int SLANT = 75;

  private static final int ROOM_FOR_SLANTED = 100;
  private static final int LONGEST_LABEL = 34;

  private final org.knowm.xchart.internal.chartpart.Chart<?, ?> drawn;
  private final int height;

  AxesDrawing(Chart chart) {
    this.drawn = chart.kind().hasTwoNumbers() ? points(chart) : bars(chart);
    this.height = isSlanted(chart) ? HEIGHT + ROOM_FOR_SLANTED : HEIGHT;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public void paint(Graphics2D graphics) {
    drawn.paint(graphics, ChartPng.WIDTH, height);
  }

  private static boolean isSlanted(Chart chart) {
    return !chart.kind().hasTwoNumbers() && chart.labelsAreLong();
  }

  private static XYChart points(Chart chart) {
    XYChart drawn =
        new XYChartBuilder()
            .title(chart.title())
            .xAxisTitle(chart.xTitle())
            .yAxisTitle(chart.yTitle())
            .build();
    style(drawn.getStyler(), chart);
    drawn
        .getStyler()
        .setDefaultSeriesRenderStyle(
            chart.kind() == ChartKind.LINE
                ? XYSeriesRenderStyle.Line
                : XYSeriesRenderStyle.Scatter);
    drawn.getStyler().setMarkerSize(6);
    for (String series : chart.data().series()) {
      List<ChartPoint> points = chart.data().pointsOf(series);
      drawn.addSeries(
          named(series),
          points.stream().mapToDouble(ChartPoint::x).toArray(),
          points.stream().mapToDouble(ChartPoint::y).toArray());
    }
    return drawn;
  }

  private static CategoryChart bars(Chart chart) {
    CategoryChart drawn =
        new CategoryChartBuilder()
            .title(chart.title())
            .xAxisTitle(chart.xTitle())
            .yAxisTitle(chart.yTitle())
            .build();
    style(drawn.getStyler(), chart);
    drawn.getStyler().setAvailableSpaceFill(chart.kind() == ChartKind.HISTOGRAM ? 0.98 : 0.8);
    drawn.getStyler().setXAxisMaxLabelCount(MOST_LABELS);
    if (isSlanted(chart)) {
      drawn.getStyler().setXAxisLabelRotation(SLANT);
      drawn.getStyler().setXAxisLabelAlignmentVertical(TextAlignment.Right);
      drawn.getStyler().setXAxisLabelAlignment(TextAlignment.Right);
    }
    List<String> labels = chart.data().labels();
    List<String> shown = shortened(labels);
    for (String series : chart.data().series()) {
      List<Double> heights = new ArrayList<>();
      labels.forEach(label -> heights.add(height(chart.data().pointsOf(series), label)));
      drawn.addSeries(named(series), shown, heights);
    }
    return drawn;
  }

  /** Each one still another one, since XChart takes equal ones for one place. */
  private static List<String> shortened(List<String> labels) {
    Set<String> taken = new HashSet<>();
    return labels.stream()
        .map(label -> ChartData.unlike(taken, named(VisibleText.shortened(label, LONGEST_LABEL))))
        .toList();
  }

  /** Null, for XChart, where the series has no bar with that label. */
  private static Double height(List<ChartPoint> points, String label) {
    return points.stream()
        .filter(point -> point.label().equals(label))
        .map(ChartPoint::y)
        .findFirst()
        .orElse(null);
  }

  /** XChart wants a name for each series and each bar. */
  private static String named(String name) {
    return name.isBlank() ? " " : name;
  }

  /** How the numbers of an axis are written: the largest and the smallest by a power of ten. */
  private static String pattern(Chart chart, ToDoubleFunction<ChartPoint> number) {
    double largest =
        chart.data().points().stream().mapToDouble(number).map(Math::abs).max().orElse(0);
    return Digits.isPlain(largest) ? "#,##0.######" : "0.###E0";
  }

  private static void style(AxesChartStyler styler, Chart chart) {
    Color ink = Palette.color(Palette.INK);
    styler.setChartBackgroundColor(Palette.color(Palette.GROUND));
    styler.setPlotBackgroundColor(Palette.color(Palette.GROUND));
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(Palette.color(Palette.GRID));
    styler.setLocale(Locale.ROOT);
    styler.setXAxisDecimalPattern(pattern(chart, ChartPoint::x));
    styler.setYAxisDecimalPattern(pattern(chart, ChartPoint::y));
    styler.setChartFontColor(ink);
    styler.setAxisTickLabelsColor(ink);
    styler.setChartTitleFont(ChartPng.font(14));
    styler.setAxisTitleFont(ChartPng.font(12));
    styler.setAxisTickLabelsFont(ChartPng.font(11));
    styler.setLegendFont(ChartPng.font(11));
    styler.setLegendVisible(chart.seriesTitle().isPresent());
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setLegendBorderColor(Palette.color(Palette.GROUND));
    styler.setSeriesColors(Palette.SERIES.stream().map(Palette::color).toArray(Color[]::new));
  }
}

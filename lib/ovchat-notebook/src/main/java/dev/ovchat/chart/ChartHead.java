package dev.ovchat.chart;

import java.util.ArrayList;
import java.util.List;

/** Title and legend above a chart with axes. */
final class ChartHead {
  private static final int TITLE_HEIGHT = 30;
  private static final int LINE_HEIGHT = 20;
  private static final int SAMPLE = 34;
  private static final int BETWEEN = 18;
  private static final int MARGIN = ChartPng.MARGIN;

  private final Chart chart;
  private final List<String> series;
  private final List<List<Entry>> lines;

  /** An entry of the legend: a series, and the x at which it begins. */
  private record Entry(int series, String name, int x) {}

  ChartHead(Chart chart, Brush brush) {
    this.chart = chart;
    this.series = chart.seriesTitle().isPresent() ? chart.data().series() : List.of();
    this.lines = lines(brush);
  }

  private List<List<Entry>> lines(Brush brush) {
    List<List<Entry>> lines = new ArrayList<>();
    int x = ChartPng.WIDTH;
    for (int i = 0; i < series.size(); i++) {
      String name = brush.fitting(series.get(i), Brush.LABEL, 200);
      int width = SAMPLE + brush.width(name, Brush.LABEL) + BETWEEN;
      if (x + width > ChartPng.WIDTH - MARGIN) {
        lines.add(new ArrayList<>());
        x = MARGIN;
      }
      lines.get(lines.size() - 1).add(new Entry(i, name, x));
      x += width;
    }
    return lines;
  }

  int height() {
    int title = chart.title().isBlank() ? MARGIN : TITLE_HEIGHT;
    return title + lines.size() * LINE_HEIGHT;
  }

  void paint(Brush brush) {
    String title = brush.fitting(chart.title(), Brush.TITLE, ChartPng.WIDTH - 2 * MARGIN);
    brush.text(title, Brush.TITLE, Brush.Side.RIGHT, MARGIN, 22);
    double y = height() - lines.size() * LINE_HEIGHT;
    for (List<Entry> line : lines) {
      y += LINE_HEIGHT;
      for (Entry entry : line) {
        SeriesStyle look = SeriesStyle.of(series.size()).get(entry.series());
        PointsDrawing.sample(brush, chart.kind(), look, entry.x(), y - 9);
        brush.text(entry.name(), Brush.LABEL, Brush.Side.RIGHT, entry.x() + SAMPLE, y - 5);
      }
    }
  }
}

package dev.ovchat.chart;

import java.awt.Graphics2D;
import java.awt.Rectangle;

/** Vertical bars without gaps, each over its bin. */
final class HistogramDrawing implements ChartPng.Drawing {
  private final Chart chart;
  private final Plane plane;

  HistogramDrawing(Chart chart) {
    this.chart = chart;
    this.plane = Plane.of(chart, 0);
  }

  @Override
  public int height() {
    return plane.height();
  }

  @Override
  public void paint(Graphics2D graphics) {
    Brush brush = new Brush(graphics);
    plane.paint(brush);
    for (ChartPoint bar : chart.data().points()) {
      int from = (int) Math.round(plane.x(bar.x()));
      int to = (int) Math.round(plane.x(bar.x() + chart.data().binWidth()));
      int y = (int) Math.round(plane.y(bar.y()));
      int bottom = (int) Math.round(plane.y(0));
      brush.bar(Palette.series(0), new Rectangle(from, y, Math.max(1, to - from - 1), bottom - y));
    }
  }
}

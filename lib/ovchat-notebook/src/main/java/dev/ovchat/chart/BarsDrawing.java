package dev.ovchat.chart;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.List;

/** Horizontal bars one below the other, with labels on the left and numbers along the bottom. */
final class BarsDrawing implements ChartPng.Drawing {
  private static final int LONGEST_LABEL = 250;
  private static final int FOOT = 46;
  private static final int MARGIN = ChartPng.MARGIN;
  private static final int UPRIGHT = 20;

  private final Chart chart;
  private final List<String> labels;
  private final List<String> series;
  private final BarSizes sizes;
  private final Axis axis;
  private final int top;
  private final int left;

  BarsDrawing(Chart chart) {
    this.chart = chart;
    this.labels = chart.data().labels();
    this.series = chart.data().series();
    this.sizes = BarSizes.of(chart.data());
    this.axis = chart.valueAxis();
    Brush measure = Plane.measure();
    this.top = new ChartHead(chart, measure).height();
    int longest = labels.stream().mapToInt(it -> measure.width(it, Brush.LABEL)).max().orElse(0);
    this.left = MARGIN + UPRIGHT + Math.min(longest, LONGEST_LABEL) + 8;
  }

  @Override
  public int height() {
    return top + sizes.height() + FOOT;
  }

  private double x(double value) {
    return left + axis.share(value) * (ChartPng.WIDTH - MARGIN - UPRIGHT - left);
  }

  @Override
  public void paint(Graphics2D graphics) {
    Brush brush = new Brush(graphics);
    new ChartHead(chart, brush).paint(brush);
    int bottom = top + sizes.height();
    for (double tick : axis.ticks()) {
      brush.line(tick == 0 ? Palette.INK : Palette.GRID, x(tick), top, x(tick), bottom);
      brush.text(axis.text(tick), Brush.LABEL, Brush.Side.CENTRE, x(tick), bottom + 16);
    }
    double middle = (x(axis.low()) + x(axis.high())) / 2;
    brush.text(chart.yTitle(), Brush.AXIS, Brush.Side.CENTRE, middle, bottom + 36);
    brush.upwards(chart.xTitle(), Brush.AXIS, MARGIN + 10, (top + bottom) / 2.0, sizes.height());
    for (int i = 0; i < labels.size(); i++) {
      String label = brush.fitting(labels.get(i), Brush.LABEL, LONGEST_LABEL);
      double centre = top + i * sizes.step() + sizes.step() / 2.0;
      brush.text(label, Brush.LABEL, Brush.Side.LEFT, left - 6, centre + 4);
    }
    chart.data().points().forEach(point -> paint(brush, point));
  }

  private void paint(Brush brush, ChartPoint point) {
    int place = series.indexOf(point.series());
    int y =
        top
            + labels.indexOf(point.label()) * sizes.step()
            + sizes.before()
            + place * sizes.thickness();
    int from = (int) Math.round(x(Math.min(0, point.y())));
    int to = (int) Math.round(x(Math.max(0, point.y())));
    brush.bar(Palette.series(place), new Rectangle(from, y, to - from, sizes.thickness() - 1));
    if (point.hasInterval()) {
      double middle = y + (sizes.thickness() - 1) / 2.0;
      brush.whisker(x(point.low()), middle, x(point.high()), middle);
    }
  }
}

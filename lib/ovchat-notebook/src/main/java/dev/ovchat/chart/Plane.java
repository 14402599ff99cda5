package dev.ovchat.chart;

import java.awt.image.BufferedImage;

/**
 * Two axes of numbers with their titles and labels, for images of points and histograms.
 *
 * @param right room right of the axes
 */
record Plane(Chart chart, Axis across, Axis up, int top, int left, int right) {
  /** Height of the area between the axes, in pixels; a Vega-Lite chart has the same. */
  static final int HEIGHT = 280;

  private static final int FOOT = 46;
  private static final int MARGIN = ChartPng.MARGIN;

  static Plane of(Chart chart, int right) {
    Brush measure = measure();
    Axis up = chart.valueAxis();
    int longest = 0;
    for (double tick : up.ticks()) {
      longest = Math.max(longest, measure.width(up.text(tick), Brush.LABEL));
    }
    int top = new ChartHead(chart, measure).height() + 8;
    return new Plane(
        chart, chart.data().placeAxis(), up, top, MARGIN + 26 + longest, right + MARGIN + 8);
  }

  /** A brush to measure texts with before there is an image. */
  static Brush measure() {
    return new Brush(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics());
  }

  int height() {
    return top + HEIGHT + FOOT;
  }

  double rightEnd() {
    return ChartPng.WIDTH - right;
  }

  double x(double value) {
    return left + across.share(value) * (rightEnd() - left);
  }

  double y(double value) {
    return top + (1 - up.share(value)) * HEIGHT;
  }

  void paint(Brush brush) {
    new ChartHead(chart, brush).paint(brush);
    int bottom = top + HEIGHT;
    for (double tick : up.ticks()) {
      brush.line(Palette.GRID, left, y(tick), rightEnd(), y(tick));
      brush.text(up.text(tick), Brush.LABEL, Brush.Side.LEFT, left - 6, y(tick) + 4);
    }
    for (double tick : across.ticks()) {
      brush.line(Palette.INK, x(tick), bottom, x(tick), bottom + 4);
      brush.text(across.text(tick), Brush.LABEL, Brush.Side.CENTRE, x(tick), bottom + 17);
    }
    brush.line(Palette.INK, left, bottom, rightEnd(), bottom);
    double middle = (left + rightEnd()) / 2;
    brush.text(chart.xTitle(), Brush.AXIS, Brush.Side.CENTRE, middle, bottom + 37);
    brush.upwards(chart.yTitle(), Brush.AXIS, MARGIN + 10, top + HEIGHT / 2.0, HEIGHT);
  }
}

package dev.ovchat.chart;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.List;

/** Points between two axes, optionally joined by lines or with names beside them. */
final class PointsDrawing implements ChartPng.Drawing {
  static final int MOST_NAMES = 20;
  static final int NAME_HEIGHT = 14;
  private static final int LONGEST_NAME = 235;
  private static final int LEADER = 26;

  private final Chart chart;
  private final List<String> series;
  private final List<SeriesStyle> styles;
  private final Plane plane;

  PointsDrawing(Chart chart) {
    this.chart = chart;
    this.series = chart.data().series();
    this.styles = SeriesStyle.of(series.size());
    Brush measure = Plane.measure();
    int longest =
        named(chart).stream()
            .mapToInt(point -> measure.width(point.label(), Brush.LABEL))
            .max()
            .orElse(-LEADER);
    this.plane = Plane.of(chart, LEADER + Math.min(longest, LONGEST_NAME));
  }

  /** The points that have a name beside them: the first ones, as many as there is room for. */
  static List<ChartPoint> named(Chart chart) {
    return chart.hasNames() ? chart.data().points().stream().limit(MOST_NAMES).toList() : List.of();
  }

  /** Positions of their names, in pixels from the top of the area between the axes. */
  static double[] namePlaces(Chart chart) {
    Axis up = chart.valueAxis();
    double[] wanted =
        named(chart).stream().mapToDouble(p -> (1 - up.share(p.y())) * Plane.HEIGHT).toArray();
    return LabelPlaces.of(wanted, NAME_HEIGHT, Plane.HEIGHT);
  }

  @Override
  public int height() {
    return plane.height();
  }

  @Override
  public void paint(Graphics2D graphics) {
    Brush brush = new Brush(graphics);
    plane.paint(brush);
    paintNames(brush);
    for (int i = 0; i < series.size(); i++) {
      List<ChartPoint> points = chart.data().pointsOf(series.get(i));
      if (chart.kind() == ChartKind.LINE) {
        paintLine(graphics, styles.get(i), points);
      }
    }
    for (int i = 0; i < series.size(); i++) {
      SeriesStyle style = styles.get(i);
      chart.data().pointsOf(series.get(i)).forEach(point -> paint(brush, style, point));
    }
  }

  private void paintNames(Brush brush) {
    List<ChartPoint> named = named(chart);
    double[] places = namePlaces(chart);
    for (int i = 0; i < places.length; i++) {
      ChartPoint point = named.get(i);
      double x = plane.rightEnd() + LEADER - 6;
      double y = plane.top() + places[i];
      brush.line(Palette.CARD_EDGE, plane.x(point.x()), plane.y(point.y()), x - 3, y);
      String name = brush.fitting(point.label(), Brush.LABEL, LONGEST_NAME);
      brush.text(name, Brush.LABEL, Brush.Side.RIGHT, x, y + 4);
    }
  }

  private void paintLine(Graphics2D graphics, SeriesStyle style, List<ChartPoint> points) {
    Path2D path = new Path2D.Double();
    for (ChartPoint point : points) {
      if (path.getCurrentPoint() == null) {
        path.moveTo(plane.x(point.x()), plane.y(point.y()));
      } else {
        path.lineTo(plane.x(point.x()), plane.y(point.y()));
      }
    }
    graphics.setColor(Palette.color(style.color()));
    graphics.setStroke(stroke(style));
    graphics.draw(path);
  }

  private static BasicStroke stroke(SeriesStyle style) {
    float[] dash = new float[style.dash().size()];
    for (int i = 0; i < dash.length; i++) {
      dash[i] = style.dash().get(i);
    }
    return new BasicStroke(
        (float) style.width(),
        BasicStroke.CAP_BUTT,
        BasicStroke.JOIN_ROUND,
        1,
        dash.length == 0 ? null : dash,
        0);
  }

  private void paint(Brush brush, SeriesStyle style, ChartPoint point) {
    double x = plane.x(point.x());
    if (point.hasInterval()) {
      brush.whisker(x, plane.y(point.low()), x, plane.y(point.high()));
    }
    brush.graphics().setColor(Palette.color(style.color()));
    brush.graphics().fill(style.marker().at(x, plane.y(point.y()), style.size()));
  }

  /** Draws a sample of a series' style, for a legend. */
  static void sample(Brush brush, ChartKind kind, SeriesStyle style, double x, double y) {
    Graphics2D graphics = brush.graphics();
    graphics.setColor(Palette.color(style.color()));
    if (kind == ChartKind.LINE) {
      graphics.setStroke(stroke(style));
      graphics.draw(new Line2D.Double(x, y, x + 28, y));
    }
    Marker marker = kind == ChartKind.BAR ? Marker.SQUARE : style.marker();
    graphics.fill(marker.at(x + 14, y, kind == ChartKind.BAR ? 13 : Math.min(12, style.size())));
  }
}

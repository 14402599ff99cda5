package dev.ovchat.chart;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.Locale;

/** The shape of a point. */
enum Marker {
  CIRCLE,
  SQUARE,
  TRIANGLE_UP,
  DIAMOND,
  TRIANGLE_DOWN,
  TRIANGLE_RIGHT;

  /** Corners of a marker of size 1, x and y in turn; a circle has none. */
  private double[] corners() {
    return switch (this) {
      case CIRCLE -> new double[0];
      case SQUARE -> new double[] {-0.43, -0.43, 0.43, -0.43, 0.43, 0.43, -0.43, 0.43};
      case TRIANGLE_UP -> new double[] {0, -0.5, 0.5, 0.4, -0.5, 0.4};
      case DIAMOND -> new double[] {0, -0.55, 0.5, 0, 0, 0.55, -0.5, 0};
      case TRIANGLE_DOWN -> new double[] {0, 0.5, 0.5, -0.4, -0.5, -0.4};
      case TRIANGLE_RIGHT -> new double[] {0.5, 0, -0.4, 0.5, -0.4, -0.5};
    };
  }

  /** The name in Vega-Lite. */
  String vegaName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The shape of this marker, centred on a point. */
  Shape at(double x, double y, double size) {
    double[] corners = corners();
    if (corners.length == 0) {
      return new Ellipse2D.Double(x - size / 2, y - size / 2, size, size);
    }
    Path2D path = new Path2D.Double();
    path.moveTo(x + size * corners[0], y + size * corners[1]);
    for (int i = 2; i < corners.length; i += 2) {
      path.lineTo(x + size * corners[i], y + size * corners[i + 1]);
    }
    path.closePath();
    return path;
  }
}

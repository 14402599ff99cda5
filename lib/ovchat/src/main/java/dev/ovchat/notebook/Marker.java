package dev.ovchat.notebook;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.Locale;

/** The shape of a point. */
enum Marker {
  CIRCLE,
  SQUARE(-0.43, -0.43, 0.43, -0.43, 0.43, 0.43, -0.43, 0.43),
  TRIANGLE_UP(0, -0.5, 0.5, 0.4, -0.5, 0.4),
  DIAMOND(0, -0.55, 0.5, 0, 0, 0.55, -0.5, 0),
  TRIANGLE_DOWN(0, 0.5, 0.5, -0.4, -0.5, -0.4),
  TRIANGLE_RIGHT(0.5, 0, -0.4, 0.5, -0.4, -0.5);

  private final double[] corners;

  /**
   * @param corners x and y in turn, around a marker of size 1
   */
  Marker(double... corners) {
    this.corners = corners;
  }

  /** As Vega-Lite calls it. */
  String vegaName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Around a point. */
  Shape at(double x, double y, double size) {
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

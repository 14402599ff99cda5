package dev.ovchat.chart;

import dev.ovchat.message.VisibleText;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;

/** Draws lines and texts of an image. */
record Brush(Graphics2D graphics) {
  static final int TITLE = 14;
  static final int AXIS = 12;
  static final int LABEL = 11;

  private static final double WHISKER = 1.5;
  private static final double WHISKER_END = 4;

  /** Side of a point on which a text lies. */
  enum Side {
    LEFT,
    CENTRE,
    RIGHT
  }

  int width(String text, int size) {
    return graphics.getFontMetrics(ChartPng.font(size)).stringWidth(text);
  }

  /** Shortens a text to the room there is. */
  String fitting(String text, int size, int room) {
    if (width(text, size) <= room) {
      return text;
    }
    int letters = text.codePointCount(0, text.length());
    while (letters > 1 && width(VisibleText.shortened(text, letters), size) > room) {
      letters--;
    }
    return VisibleText.shortened(text, letters);
  }

  /** Draws a text that ends at the point, is centred on it, or begins there. */
  void text(String text, int size, Side side, double x, double baseline) {
    int width = width(text, size);
    double left = side == Side.LEFT ? x - width : side == Side.CENTRE ? x - width / 2.0 : x;
    graphics.setFont(ChartPng.font(size));
    graphics.setColor(Palette.color(Palette.INK));
    graphics.drawString(text, (float) left, (float) baseline);
  }

  /** Draws a text that runs upwards, centred on the point. */
  void upwards(String text, int size, double x, double middle, int room) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, middle);
    graphics.rotate(-Math.PI / 2);
    text(fitting(text, size, room), size, Side.CENTRE, 0, 0);
    graphics.setTransform(before);
  }

  void line(String color, double x, double y, double toX, double toY) {
    graphics.setColor(Palette.color(color));
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(new Line2D.Double(x, y, toX, toY));
  }

  /** Draws a line with a short bar at each end. */
  void whisker(double x, double y, double toX, double toY) {
    graphics.setColor(Palette.color(Palette.INK));
    graphics.setStroke(new BasicStroke((float) WHISKER));
    graphics.draw(new Line2D.Double(x, y, toX, toY));
    double across = y == toY ? 0 : WHISKER_END;
    double along = y == toY ? WHISKER_END : 0;
    graphics.draw(new Line2D.Double(x - across, y - along, x + across, y + along));
    graphics.draw(new Line2D.Double(toX - across, toY - along, toX + across, toY + along));
  }

  void bar(Color color, Rectangle bar) {
    graphics.setColor(color);
    graphics.fill(bar);
  }
}

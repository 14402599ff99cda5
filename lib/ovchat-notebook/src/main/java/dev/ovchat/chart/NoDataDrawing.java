package dev.ovchat.chart;

import java.awt.Graphics2D;

/** A chart's title above the words "no data". */
record NoDataDrawing(Chart chart) implements ChartPng.Drawing {

  static final int HEIGHT = 120;

  @Override
  public int height() {
    return HEIGHT;
  }

  @Override
  public void paint(Graphics2D graphics) {
    graphics.setColor(Palette.color(Palette.INK));
    graphics.setFont(ChartPng.font(14));
    graphics.drawString(chart.title(), 12, 24);
    graphics.drawString("no data", ChartPng.WIDTH / 2 - 26, 70);
  }
}

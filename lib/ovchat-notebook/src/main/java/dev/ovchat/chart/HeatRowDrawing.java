package dev.ovchat.chart;

import dev.ovchat.chart.HeatCells.HeatCell;
import dev.ovchat.message.VisibleText;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;

/** A heat row as an image: lines of cells, and the scale of their colours beneath. */
final class HeatRowDrawing implements ChartPng.Drawing {
  static final int CELL_HEIGHT = 40;
  private static final int MARGIN = ChartPng.MARGIN;
  private static final int TITLE_HEIGHT = 34;
  private static final int SCALE_HEIGHT = 56;
  private static final int SCALE_WIDTH = 200;
  private static final int CELL_WIDTH = (ChartPng.WIDTH - 2 * MARGIN) / HeatCells.PER_LINE;
  private static final int MOST_LETTERS = 10;

  private final Chart chart;
  private final HeatCells cells;

  HeatRowDrawing(Chart chart) {
    this.chart = chart;
    this.cells = HeatCells.of(chart.data());
  }

  /** Shortens a label to the room in a cell. */
  static String shortened(String label) {
    return VisibleText.shortened(label, MOST_LETTERS);
  }

  @Override
  public int height() {
    return titleHeight() + cells.lines() * CELL_HEIGHT + SCALE_HEIGHT;
  }

  private int titleHeight() {
    return chart.title().isBlank() ? MARGIN : TITLE_HEIGHT;
  }

  @Override
  public void paint(Graphics2D graphics) {
    graphics.setColor(Palette.color(Palette.INK));
    graphics.setFont(ChartPng.font(14));
    graphics.drawString(chart.title(), MARGIN, 22);
    cells.cells().forEach(cell -> paint(graphics, cell));
    paintScale(graphics, height() - SCALE_HEIGHT + 14);
  }

  private void paint(Graphics2D graphics, HeatCell cell) {
    int x = MARGIN + cell.index() * CELL_WIDTH;
    int y = titleHeight() + cell.line() * CELL_HEIGHT;
    graphics.setColor(Palette.heat(cell.share()));
    graphics.fillRect(x, y, CELL_WIDTH - 1, CELL_HEIGHT - 1);
    graphics.setColor(Palette.isDark(cell.share()) ? Color.WHITE : Color.BLACK);
    Brush brush = new Brush(graphics);
    String label = brush.fitting(shortened(cell.label()), 12, CELL_WIDTH - 4);
    paintCentred(graphics, label, 12, x, y + 17);
    paintCentred(graphics, cell.number(), 10, x, y + 32);
  }

  private static void paintCentred(Graphics2D graphics, String text, int size, int x, int y) {
    graphics.setFont(ChartPng.font(size));
    int width = graphics.getFontMetrics().stringWidth(text);
    graphics.drawString(text, x + (CELL_WIDTH - width) / 2, y);
  }

  private void paintScale(Graphics2D graphics, int y) {
    graphics.setPaint(
        new GradientPaint(MARGIN, 0, Palette.heat(0), MARGIN + SCALE_WIDTH, 0, Palette.heat(1)));
    graphics.fillRect(MARGIN, y, SCALE_WIDTH, 10);
    graphics.setColor(Palette.color(Palette.INK));
    graphics.setFont(ChartPng.font(11));
    String most = cells.shown(cells.most());
    graphics.drawString(cells.shown(cells.least()), MARGIN, y + 24);
    int width = graphics.getFontMetrics().stringWidth(most);
    graphics.drawString(most, MARGIN + SCALE_WIDTH - width, y + 24);
    graphics.drawString(chart.yTitle(), MARGIN + SCALE_WIDTH + 10, y + 10);
  }
}

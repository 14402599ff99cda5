package dev.ovchat.chart;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A chart as a PNG image, at twice the resolution of the size at which it is to be shown. It has a
 * light card with round corners as its background, so it is readable on a page of any colour.
 */
public final class ChartPng {
  /** Size in pixels, as it is to be shown. */
  public static final int WIDTH = 640;

  private static final int SCALE = 2;
  static final int MARGIN = 14;
  private static final int NOTE_HEIGHT = 18;
  private static final double CORNER = 12;

  private final byte[] bytes;
  private final int height;

  private ChartPng(byte[] bytes, int height) {
    this.bytes = bytes;
    this.height = height;
  }

  /** A drawing of a chart, with its height. */
  interface Drawing {
    public int height();

    void paint(Graphics2D graphics);
  }

  /** The PNG file; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Size in pixels, as it is to be shown. */
  public int height() {
    return height;
  }

  /**
   * Draws a chart.
   *
   * @throws ChartException if Java cannot draw here
   */
  public static ChartPng of(Chart chart) {
    // Before the first class of AWT is there: with a screen it would talk to that.
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    try {
      drawALetter();
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw e;
    } catch (RuntimeException | Error e) { // by the release of Java and by what is missing
      throw new ChartException(
          """
          Java cannot draw a picture of this chart here: %s. It needs a font and fontconfig; \
          on Debian and Ubuntu install them with: \
          sudo apt-get install -y fontconfig fonts-dejavu-core libfreetype6\
          """
              .formatted(reason(e)),
          e);
    }
    return drawn(chart);
  }

  /** Loads the libraries and the fonts, or fails without them. */
  private static void drawALetter() {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    graphics.setFont(font(11));
    graphics.drawString("a", 0, 0);
    graphics.dispose();
  }

  private static String reason(Throwable error) {
    return error.getCause() == null ? error.toString() : reason(error.getCause());
  }

  private static ChartPng drawn(Chart chart) {
    Drawing drawing = drawing(chart);
    List<String> notes = chart.data().notes();
    int height = drawing.height() + notes.size() * NOTE_HEIGHT + (notes.isEmpty() ? 0 : 6);
    BufferedImage image =
        new BufferedImage(WIDTH * SCALE, height * SCALE, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    paintCard(graphics, height);
    Graphics2D inner = (Graphics2D) graphics.create();
    drawing.paint(inner);
    inner.dispose();
    Brush brush = new Brush(graphics);
    for (int i = 0; i < notes.size(); i++) {
      String note = brush.fitting(notes.get(i), Brush.LABEL, WIDTH - 2 * MARGIN);
      double y = drawing.height() + i * NOTE_HEIGHT + 10;
      brush.text(note, Brush.LABEL, Brush.Side.RIGHT, MARGIN, y);
    }
    graphics.dispose();
    return new ChartPng(bytes(FewColours.of(image)), height);
  }

  private static void paintCard(Graphics2D graphics, int height) {
    Shape card = new RoundRectangle2D.Double(0.5, 0.5, WIDTH - 1.0, height - 1.0, CORNER, CORNER);
    graphics.setColor(Palette.color(Palette.GROUND));
    graphics.fill(card);
    graphics.setColor(Palette.color(Palette.CARD_EDGE));
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(card);
  }

  private static Drawing drawing(Chart chart) {
    if (chart.data().points().isEmpty()) {
      return new NoDataDrawing(chart);
    }
    return switch (chart.kind()) {
      case HEAT_ROW -> new HeatRowDrawing(chart);
      case BAR -> new BarsDrawing(chart);
      case LINE, SCATTER -> new PointsDrawing(chart);
      case HISTOGRAM -> new HistogramDrawing(chart);
    };
  }

  static Font font(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  private static byte[] bytes(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var stream = new MemoryCacheImageOutputStream(bytes)) { // others write a temporary file
      ImageIO.write(image, "png", stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}

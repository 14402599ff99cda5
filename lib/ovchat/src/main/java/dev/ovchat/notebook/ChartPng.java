package dev.ovchat.notebook;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A chart as a PNG image, with twice as many pixels in each direction as it is to be shown with.
 */
final class ChartPng {
  /** In pixels, as it is to be shown. */
  static final int WIDTH = 640;

  private static final int SCALE = 2;
  private static final int MARGIN = 12;
  private static final int NOTE_HEIGHT = 18;

  private final byte[] bytes;
  private final int height;

  private ChartPng(byte[] bytes, int height) {
    this.bytes = bytes;
    this.height = height;
  }

  /** A picture that knows how high it has to be. */
  interface Drawing {
    int height();

    void paint(Graphics2D graphics);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** In pixels, as it is to be shown. */
  int height() {
    return height;
  }

  /**
   * @throws NotebookException if Java cannot draw here
   */
  static ChartPng of(Chart chart) {
    // Before the first class of AWT is there: with a screen it would talk to that.
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    try {
      drawALetter();
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw e;
    } catch (RuntimeException | Error e) { // by the release of Java and by what is missing
      throw new NotebookException(
          """
          Java cannot draw a picture of this chart here: %s. It needs a font and fontconfig; \
          on Debian and Ubuntu install them with: \
          sudo apt-get install -y fontconfig fonts-dejavu-core libfreetype6"""
              .formatted(reason(e)),
          e);
    }
    return drawn(chart);
  }

  /** Loads the libraries and the fonts, or fails where there are none. */
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
    int height = drawing.height() + notes.size() * NOTE_HEIGHT;
    BufferedImage image =
        new BufferedImage(WIDTH * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Palette.color(Palette.GROUND));
    graphics.fillRect(0, 0, WIDTH, height);
    Graphics2D inner = (Graphics2D) graphics.create();
    drawing.paint(inner);
    inner.dispose();
    graphics.setColor(Color.decode(Palette.INK));
    graphics.setFont(font(11));
    for (int i = 0; i < notes.size(); i++) {
      graphics.drawString(notes.get(i), MARGIN, drawing.height() + i * NOTE_HEIGHT + 10);
    }
    graphics.dispose();
    return new ChartPng(bytes(image), height);
  }

  private static Drawing drawing(Chart chart) {
    if (chart.data().points().isEmpty()) {
      return new NoDataDrawing(chart);
    }
    return chart.kind() == ChartKind.HEAT_ROW ? new HeatRowDrawing(chart) : new AxesDrawing(chart);
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

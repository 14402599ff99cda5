package dev.ovchat.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ChartPngTest {
  private static final int WHITE = 0xffffffff;
  private static final int FIRST = Palette.series(0).getRGB();
  private static final int SECOND = Palette.series(1).getRGB();

  private static BufferedImage drawn(Chart chart) {
    try {
      return ImageIO.read(new ByteArrayInputStream(chart.png()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long pixels(BufferedImage image, IntPredicate colour) {
    return IntStream.of(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .filter(colour)
        .count();
  }

  @Test
  void aBarIsAsLargeAsItsNumber() {
    Table table =
        Table.create("T", StringColumn.create("x", "a", "b"), DoubleColumn.create("y", 10.0, 30.0));
    BufferedImage image = drawn(Chart.bar(table, "x", "y"));
    assertThat(image.getWidth()).isEqualTo(1280);
    assertThat(image.getHeight()).isEqualTo(720);
    long left = pixels(image.getSubimage(0, 0, 670, 720), colour -> colour == FIRST);
    long right = pixels(image.getSubimage(670, 0, 610, 720), colour -> colour == FIRST);
    assertThat(right).isBetween((long) (2.8 * left), (long) (3.2 * left));
  }

  @Test
  void eachSeriesHasItsColour() {
    for (Chart chart :
        new Chart[] {
          Chart.line(ChartTest.RESULTS, "threads", "tokens/s"),
          Chart.scatter(ChartTest.RESULTS, "threads", "tokens/s"),
          Chart.bar(ChartTest.RESULTS, "config", "tokens/s")
        }) {
      assertThat(pixels(drawn(chart), colour -> colour == FIRST)).isPositive();
      assertThat(pixels(drawn(chart), colour -> colour == SECOND)).isZero();
      assertThat(pixels(drawn(chart.series("model")), colour -> colour == SECOND)).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 24})
  void aLongLabelIsDrawnAtTheFirstBarToo(int bars) {
    List<String> labels =
        new ArrayList<>(IntStream.range(0, bars).mapToObj(i -> "another " + i).toList());
    DoubleColumn heights = DoubleColumn.create("y", Collections.nCopies(bars, 1.0));
    long[] ink = new long[2];
    for (int i = 0; i < ink.length; i++) {
      labels.set(0, i == 0 ? "x" : "DYNAMIC_QUANTIZATION_GROUP_SIZE=0");
      Table table = Table.create("T", StringColumn.create("x", labels), heights);
      ink[i] = pixels(drawn(Chart.bar(table, "x", "y")), colour -> (colour & 0xff) < 0x60);
    }
    assertThat(ink[1] - ink[0]).isGreaterThan(500);
  }

  @Test
  void aBarWithoutALabelIsDrawnToo() {
    Table table =
        Table.create(
            "T",
            StringColumn.create("x", "", "", "b", "x".repeat(40), "x".repeat(41)),
            DoubleColumn.create("y", 1, 2, 3, 4, 5));
    assertThat(pixels(drawn(Chart.bar(table, "x", "y")), colour -> colour == FIRST)).isPositive();
    assertThat(pixels(drawn(Chart.bar(table, "x", "y").series("x")), c -> c == SECOND))
        .isPositive();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-8, 1, 1e20, 1e299})
  void bothAxesHaveNumbersWhateverTheirSize(double size) {
    Table table = Table.create("T", DoubleColumn.create("x", size, 2 * size, 3 * size));
    BufferedImage image = drawn(Chart.scatter(table, "x", "x").xTitle(" ").yTitle(" "));
    IntPredicate ink = colour -> colour == Palette.color(Palette.INK).getRGB();
    assertThat(pixels(image.getSubimage(0, 0, 150, 600), ink)).isPositive();
    assertThat(pixels(image.getSubimage(150, 650, 1130, 70), ink)).isPositive();
  }

  @Test
  void aDecimalPointIsOneInAllLanguages() {
    Table table = Table.create("T", DoubleColumn.create("x", 0.5, 1.5, 2.5));
    byte[] here = Chart.scatter(table, "x", "x").png();
    Locale usual = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Chart.scatter(table, "x", "x").png()).isEqualTo(here);
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void theGroundIsWhiteAndOpaque() {
    BufferedImage image = drawn(Chart.histogram(ChartTest.RESULTS, "tokens/s"));
    assertThat(image.getColorModel().hasAlpha()).isFalse();
    assertThat(image.getRGB(0, 0)).isEqualTo(WHITE);
    assertThat(image.getRGB(1279, image.getHeight() - 1)).isEqualTo(WHITE);
  }

  @Test
  void aHeatRowGoesFromPaleToDark() {
    BufferedImage image = drawn(Chart.heatRow(ChartTest.RESULTS, "config", "tokens/s"));
    assertThat(pixels(image, colour -> colour == Palette.color(Palette.PALE).getRGB()))
        .isGreaterThan(5000);
    assertThat(pixels(image, colour -> colour == Palette.color(Palette.DARK).getRGB()))
        .isGreaterThan(5000);
  }

  @Test
  void aLongHeatRowIsBrokenIntoLines() {
    Table table =
        Table.create("T", DoubleColumn.create("x", IntStream.range(0, 25).asDoubleStream()));
    int one = drawn(Chart.heatRow(table.first(10), "x", "x")).getHeight();
    int three = drawn(Chart.heatRow(table, "x", "x")).getHeight();
    assertThat(three - one).isEqualTo(2 * 2 * HeatRowDrawing.CELL_HEIGHT);
  }

  @Test
  void anEmptyChartIsAPictureOfItsOwn() {
    BufferedImage image = drawn(Chart.bar(ChartTest.RESULTS.emptyCopy(), "config", "tokens/s"));
    assertThat(pixels(image, colour -> colour != WHITE)).isPositive();
  }

  @Test
  void aNoteStandsBeneath() {
    Table table = ChartTest.RESULTS.copy();
    table.doubleColumn("tokens/s").setMissing(0);
    BufferedImage image = drawn(Chart.bar(table, "config", "tokens/s"));
    assertThat(image.getHeight()).isGreaterThan(720);
    assertThat(pixels(image.getSubimage(0, 720, 640, image.getHeight() - 720), c -> c != WHITE))
        .isPositive();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.6, 0.72, 0.73, 0.9, 1})
  void textOnAnyCellHasContrast(double share) {
    double ground = luminance(Palette.heat(share));
    double contrast = Palette.isDark(share) ? 1.05 / (ground + 0.05) : (ground + 0.05) / 0.05;
    assertThat(contrast).isGreaterThan(4.5); // WCAG 2, level AA
  }

  /** As WCAG 2 defines it. */
  private static double luminance(Color colour) {
    float[] parts = colour.getRGBColorComponents(null);
    double[] linear = new double[3];
    for (int i = 0; i < 3; i++) {
      linear[i] =
          parts[i] <= 0.04045 ? parts[i] / 12.92 : Math.pow((parts[i] + 0.055) / 1.055, 2.4);
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }
}

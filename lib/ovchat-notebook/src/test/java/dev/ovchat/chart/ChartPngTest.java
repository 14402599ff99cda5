package dev.ovchat.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.Slow;
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

@Slow
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

  /** How many pixels of a row from the left have a colour. */
  private static int length(BufferedImage image, int y, int colour) {
    return (int)
        IntStream.range(0, image.getWidth()).filter(x -> image.getRGB(x, y) == colour).count();
  }

  private static int first(BufferedImage image, int y, int colour) {
    return IntStream.range(0, image.getWidth())
        .filter(x -> image.getRGB(x, y) == colour)
        .findFirst()
        .orElse(-1);
  }

  /** The rows in which bars of the first series begin. */
  private static List<Integer> bars(BufferedImage image) {
    return IntStream.range(1, image.getHeight())
        .filter(y -> length(image, y, FIRST) > 0 && length(image, y - 1, FIRST) == 0)
        .map(y -> y + 10)
        .boxed()
        .toList();
  }

  @Test
  void aBarIsAsLongAsItsNumber() {
    Table table =
        Table.create("T", StringColumn.create("x", "a", "b"), DoubleColumn.create("y", 1200, 1300));
    BufferedImage image = drawn(Chart.bar(table, "x", "y"));
    assertThat(image.getWidth()).isEqualTo(1280);
    List<Integer> bars = bars(image);
    assertThat(bars).hasSize(2);
    double ratio = (double) length(image, bars.get(1), FIRST) / length(image, bars.get(0), FIRST);
    assertThat(ratio).isBetween(1.07, 1.1); // from 0 on
    assertThat(first(image, bars.get(1), FIRST)).isEqualTo(first(image, bars.get(0), FIRST));
  }

  @Test
  void longLabelsLeaveMostOfThePictureToTheBars() {
    Table table =
        Table.create(
            "T",
            StringColumn.create(
                "x",
                "baseline",
                "DYNAMIC_QUANTIZATION_GROUP_SIZE=0",
                "EXECUTION_MODE_HINT=ACCURACY"),
            DoubleColumn.create("y", 10, 9, 10));
    BufferedImage image = drawn(Chart.bar(table, "x", "y"));
    assertThat(length(image, bars(image).get(0), FIRST)).isGreaterThan(image.getWidth() / 2);
    int step = bars(image).get(1) - bars(image).get(0);
    assertThat(3 * step).isGreaterThan(image.getHeight() / 3);
  }

  @Test
  void anIntervalIsALineOverItsBar() {
    Table table =
        Table.create(
            "T",
            StringColumn.create("x", "a", "b"),
            DoubleColumn.create("y", 10, 10),
            DoubleColumn.create("from", 8, Double.NaN),
            DoubleColumn.create("to", 16, 12));
    BufferedImage image = drawn(Chart.bar(table, "x", "y").interval("from", "to"));
    int ink = Palette.color(Palette.INK).getRGB();
    int middle = bars(image).get(0) + 7;
    int bar = length(image, bars(image).get(0), FIRST);
    int line =
        IntStream.range(middle - 2, middle + 3).map(y -> length(image, y, ink)).max().getAsInt();
    assertThat((double) line / bar).isBetween(0.75, 0.85);
  }

  @Test
  void pointsOfALineBeginAtZeroUnlessAskedNotTo() {
    Table table =
        Table.create("T", DoubleColumn.create("x", 1, 2), DoubleColumn.create("y", 1200, 1250));
    Chart line = Chart.line(table, "x", "y");
    assertThat(line.valueAxis()).isEqualTo(new Axis(0, 1500, 500));
    assertThat(line.fromZero(false).valueAxis().low()).isEqualTo(1200);
    assertThat(highest(drawn(line)) - lowest(drawn(line))).isGreaterThan(-40);
    assertThat(lowest(drawn(line.fromZero(false))) - highest(drawn(line.fromZero(false))))
        .isGreaterThan(400);
  }

  private static int highest(BufferedImage image) {
    return IntStream.range(0, image.getHeight())
        .filter(y -> length(image, y, FIRST) > 0)
        .min()
        .getAsInt();
  }

  private static int lowest(BufferedImage image) {
    return IntStream.range(0, image.getHeight())
        .filter(y -> length(image, y, FIRST) > 0)
        .max()
        .getAsInt();
  }

  @Test
  void linesOnTopOfOneAnotherAreAllSeen() {
    Table table =
        Table.create(
            "T",
            DoubleColumn.create("x", 1, 2, 1, 2, 1, 2),
            DoubleColumn.create("y", 1, 1, 1, 1, 1, 1),
            StringColumn.create("s", "a", "a", "b", "b", "c", "c"));
    BufferedImage image = drawn(Chart.line(table, "x", "y").series("s"));
    BufferedImage plot = image.getSubimage(0, 76, image.getWidth(), image.getHeight() - 76);
    for (int series = 0; series < 3; series++) {
      int colour = Palette.series(series).getRGB();
      assertThat(pixels(plot, c -> c == colour)).isGreaterThan(500);
    }
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
  @ValueSource(ints = {1, 9, 24, 200})
  void eachBarHasItsLabelBesideIt(int bars) {
    List<String> labels =
        new ArrayList<>(IntStream.range(0, bars).mapToObj(i -> "another " + i).toList());
    labels.set(0, "DYNAMIC_QUANTIZATION_GROUP_SIZE=0");
    DoubleColumn heights = DoubleColumn.create("y", Collections.nCopies(bars, 1.0));
    BufferedImage image =
        drawn(Chart.bar(Table.create("T", StringColumn.create("x", labels), heights), "x", "y"));
    List<Integer> rows = bars(image);
    assertThat(rows).hasSize(bars);
    int left = first(image, rows.get(0), FIRST);
    for (int row : rows) {
      BufferedImage beside = image.getSubimage(64, row - 10, left - 68, 20);
      assertThat(pixels(beside, colour -> (colour & 0xff) < 0x60)).isPositive();
    }
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
    assertThat(pixels(image.getSubimage(150, image.getHeight() - 90, 1130, 70), ink)).isPositive();
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
  void itStandsOnALightCardWithRoundCorners() {
    BufferedImage image = drawn(Chart.histogram(ChartTest.RESULTS, "tokens/s"));
    assertThat(image.getRGB(0, 0) >>> 24).isZero();
    assertThat(image.getRGB(1279, image.getHeight() - 1) >>> 24).isZero();
    assertThat(image.getRGB(12, 12)).isEqualTo(WHITE);
    assertThat(image.getRGB(640, 0) >>> 24).isEqualTo(255);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void eachSeriesHasContrastWithAnyPage(int series) {
    double mark = luminance(Palette.series(series));
    for (String ground : List.of("#ffffff", "#111111", "#212121")) {
      double page = luminance(Color.decode(ground));
      double contrast = (Math.max(mark, page) + 0.05) / (Math.min(mark, page) + 0.05);
      assertThat(contrast).as(ground).isGreaterThan(3); // WCAG 2 for graphics
    }
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
    int one = drawn(Chart.heatRow(table.first(8), "x", "x")).getHeight();
    int four = drawn(Chart.heatRow(table, "x", "x")).getHeight();
    assertThat(four - one).isEqualTo(2 * 3 * HeatRowDrawing.CELL_HEIGHT);
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
    int before =
        drawn(Chart.bar(table.dropRowsWithMissingValues(), "config", "tokens/s")).getHeight();
    assertThat(image.getHeight()).isGreaterThan(before);
    BufferedImage beneath = image.getSubimage(0, before, 640, image.getHeight() - before - 20);
    assertThat(pixels(beneath, colour -> (colour & 0xff) < 0x60)).isPositive();
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

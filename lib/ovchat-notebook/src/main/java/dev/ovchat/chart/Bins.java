package dev.ovchat.chart;

import dev.ovchat.message.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;

/** The bars of a histogram: bins of equal width, which begin at multiples of a round number. */
final class Bins {
  private static final int MOST = 20;

  private Bins() {}

  static ChartData of(NumericColumn<?> column) {
    double[] values =
        IntStream.range(0, column.size())
            .filter(row -> ChartData.isFinite(column, row))
            .mapToDouble(column::getDouble)
            .toArray();
    List<String> notes = ChartData.leftOut(column.size() - values.length);
    if (values.length == 0) {
      return new ChartData(List.of(), 0, notes);
    }
    double width = width(values);
    double first = Math.floor(DoubleStream.of(values).min().getAsDouble() / width);
    double last = Math.floor(DoubleStream.of(values).max().getAsDouble() / width);
    int[] counts = new int[(int) (last - first) + 1];
    for (double value : values) {
      counts[(int) (Math.floor(value / width) - first)]++;
    }
    return new ChartData(bars(first, width, counts), width, notes);
  }

  /**
   * Width of a bin, chosen so that there are about as many bins as the square root of the number of
   * values, and about 20 at most.
   */
  private static double width(double... values) {
    int wanted = (int) Math.min(MOST, Math.ceil(Math.sqrt(values.length)));
    double range =
        DoubleStream.of(values).max().getAsDouble() - DoubleStream.of(values).min().getAsDouble();
    double rough = range / wanted;
    if (rough == 0) {
      return Math.max(1, Math.ulp(values[0]));
    }
    return Math.max(
        round(rough), Math.ulp(DoubleStream.of(values).map(Math::abs).max().getAsDouble()));
  }

  /** Rounds a number up to 1, 2 or 5 times a power of ten. */
  static double round(double number) {
    double power = Math.pow(10, Math.floor(Math.log10(number)));
    double times = number / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }

  private static List<ChartPoint> bars(double first, double width, int... counts) {
    double[] edges =
        IntStream.rangeClosed(0, counts.length).mapToDouble(i -> (first + i) * width).toArray();
    Digits digits = Digits.of(width);
    List<ChartPoint> bars = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      String label = digits.format(edges[i]) + " to " + digits.format(edges[i + 1]);
      bars.add(new ChartPoint(label, edges[i], counts[i], ""));
    }
    return bars;
  }
}

package dev.ovchat.chart;

import dev.ovchat.message.Digits;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The cells of a heat row, broken into lines like text.
 *
 * @param digits number format of all values
 * @param least the smallest value
 * @param most the largest value
 */
record HeatCells(List<HeatCell> cells, Digits digits, double least, double most) {
  static final int PER_LINE = 8;

  /**
   * One cell.
   *
   * @param share relative position between the smallest value and the largest, 0 to 1
   */
  record HeatCell(int line, int index, String label, double value, String number, double share) {}

  static HeatCells of(ChartData data) {
    double[] values = data.points().stream().mapToDouble(ChartPoint::y).toArray();
    double least = IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElse(0);
    double most = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(0);
    Digits digits = Digits.ofLargest(values);
    List<HeatCell> cells =
        IntStream.range(0, values.length)
            .mapToObj(
                i ->
                    new HeatCell(
                        i / PER_LINE,
                        i % PER_LINE,
                        data.points().get(i).label(),
                        values[i],
                        digits.bounded(values[i]),
                        most > least ? (values[i] - least) / (most - least) : 0))
            .toList();
    return new HeatCells(cells, digits, least, most);
  }

  String shown(double value) {
    return digits.bounded(value);
  }

  /** The number format for Vega-Lite, in d3's notation. */
  String format() {
    return Digits.isPlain(most) || most == 0 ? "." + digits.decimals() + "f" : ".2e";
  }

  int lines() {
    return (cells.size() + PER_LINE - 1) / PER_LINE;
  }
}

package dev.ovchat.notebook;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The cells of a heat row, broken into lines like text.
 *
 * @param least of the values
 * @param most of the values
 */
record HeatCells(List<HeatCell> cells, double least, double most) {
  static final int PER_LINE = 10;

  /**
   * One cell.
   *
   * @param share of the way from the least value to the most, 0 to 1
   */
  record HeatCell(int line, int place, String label, double value, String number, double share) {}

  static HeatCells of(ChartData data) {
    double[] values = data.points().stream().mapToDouble(ChartPoint::y).toArray();
    double least = IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElse(0);
    double most = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(0);
    Digits digits = new Digits(Math.min(2, Digits.of(values).decimals()));
    List<HeatCell> cells =
        IntStream.range(0, values.length)
            .mapToObj(
                i ->
                    new HeatCell(
                        i / PER_LINE,
                        i % PER_LINE,
                        data.points().get(i).label(),
                        values[i],
                        digits.format(values[i]),
                        most > least ? (values[i] - least) / (most - least) : 0))
            .toList();
    return new HeatCells(cells, least, most);
  }

  int lines() {
    return (cells.size() + PER_LINE - 1) / PER_LINE;
  }
}

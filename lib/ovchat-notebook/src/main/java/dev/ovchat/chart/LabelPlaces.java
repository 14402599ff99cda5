package dev.ovchat.chart;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Positions of labels in a column, each as near to its wanted position as the others leave room
 * for.
 */
final class LabelPlaces {
  private LabelPlaces() {}

  /**
   * Returns the positions, in pixels from the top, in the order of {@code wanted}.
   *
   * @param wanted the wanted positions, in pixels from the top
   * @param gap the smallest distance of two labels
   * @param height height of the column; more labels than it holds stand closer
   */
  static double[] of(double[] wanted, double gap, double height) {
    int[] order =
        IntStream.range(0, wanted.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> wanted[i]))
            .mapToInt(i -> i)
            .toArray();
    double distance = order.length > 1 ? Math.min(gap, height / (order.length - 1)) : gap;
    double[] places = wanted.clone();
    for (int i = 1; i < order.length; i++) {
      places[order[i]] = Math.max(places[order[i]], places[order[i - 1]] + distance);
    }
    double limit = height;
    for (int i = order.length - 1; i >= 0; i--) {
      places[order[i]] = Math.min(places[order[i]], limit);
      limit = places[order[i]] - distance;
    }
    return places;
  }
}

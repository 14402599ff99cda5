package dev.ovchat.chart;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Style of one series. Each has a colour, a marker and a dash pattern of its own. The first lines
 * are the widest and have the largest markers, so that lines that cover each other are all visible.
 *
 * @param dash lengths of strokes and gaps; empty for a line without gaps
 * @param width width of the line, in pixels
 * @param size diameter of the marker, in pixels
 */
record SeriesStyle(String color, Marker marker, List<Integer> dash, double width, double size) {
  private static final List<List<Integer>> DASHES =
      List.of(List.of(), List.of(8, 4), List.of(2, 3), List.of(10, 3, 2, 3), List.of(4, 2));
  private static final int NESTED = 4;

  /** Looks of this many series. */
  static List<SeriesStyle> of(int series) {
    return IntStream.range(0, series).mapToObj(i -> of(i, series)).toList();
  }

  private static SeriesStyle of(int index, int series) {
    int around = Math.max(0, Math.min(series, NESTED) - 1 - index);
    Marker[] markers = Marker.values();
    return new SeriesStyle(
        Palette.SERIES.get(index % Palette.SERIES.size()),
        markers[index % markers.length],
        DASHES.get(index % DASHES.size()),
        2 + 2 * around,
        8 + 3 * around);
  }
}

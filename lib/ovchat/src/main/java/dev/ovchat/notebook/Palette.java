package dev.ovchat.notebook;

import java.awt.Color;
import java.util.List;

/**
 * The colours of charts, on a light ground of their own, so that they read on a dark page, too. The
 * series have those that Okabe and Ito chose for people who cannot tell all colours apart.
 */
final class Palette {
  static final String GROUND = "#ffffff";
  static final String INK = "#222222";
  static final String GRID = "#dddddd";
  static final List<String> SERIES =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#222222");
  static final String PALE = "#e8f1fa";
  static final String DARK = "#084a8c";

  private Palette() {}

  static Color color(String code) {
    return Color.decode(code);
  }

  /** The colour of a series, by its place; after the last one the first comes again. */
  static Color series(int place) {
    return color(SERIES.get(place % SERIES.size()));
  }

  /** Between the pale and the dark end, 0 to 1. */
  static Color heat(double share) {
    Color pale = color(PALE);
    Color dark = color(DARK);
    return new Color(
        between(pale.getRed(), dark.getRed(), share),
        between(pale.getGreen(), dark.getGreen(), share),
        between(pale.getBlue(), dark.getBlue(), share));
  }

  /** Whether white text on that colour has more contrast than black text: each has 4.5 at least. */
  static boolean isDark(double share) {
    return share > 0.72;
  }

  private static int between(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }
}

package dev.ovchat.chart;

import java.awt.Color;
import java.util.List;

/**
 * The colours of charts. Those of the series have a contrast of 3 and more with white and with
 * JupyterLab's dark ground. They are those that Okabe and Ito chose for people who cannot tell all
 * colours apart, the pale ones made darker.
 *
 * <p>No colour of text has enough contrast with both grounds. So a picture brings a light card to
 * stand on, and a Vega-Lite chart takes the page's own colour of text.
 */
final class Palette {
  static final String GROUND = "#ffffff";
  static final String INK = "#222222";
  static final String GRID = "#dddddd";
  static final String CARD_EDGE = "#c4c4c4";
  static final List<String> SERIES =
      List.of("#1f7ac0", "#d55e00", "#00916a", "#c4689b", "#a87b00", "#8c6bc8", "#808080");
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

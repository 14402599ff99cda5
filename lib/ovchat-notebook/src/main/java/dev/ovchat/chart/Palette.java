package dev.ovchat.chart;

import java.awt.Color;
import java.util.List;

/**
 * Colours of charts. Those of the series have a contrast of at least 3 with white and with
 * JupyterLab's dark background. They are based on Okabe and Ito's palette for colour-blind people,
 * with the pale ones made darker.
 *
 * <p>No colour of text has enough contrast with both backgrounds. So a PNG image has a light card
 * of its own, and a Vega-Lite chart takes the page's text colour.
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

  /** The colour of a series, by its index; after the last colour the first comes again. */
  static Color series(int place) {
    return color(SERIES.get(place % SERIES.size()));
  }

  /** A colour of the heat scale, from 0 (pale) to 1 (dark). */
  static Color heat(double share) {
    Color pale = color(PALE);
    Color dark = color(DARK);
    return new Color(
        between(pale.getRed(), dark.getRed(), share),
        between(pale.getGreen(), dark.getGreen(), share),
        between(pale.getBlue(), dark.getBlue(), share));
  }

  /**
   * Returns whether white text on that colour has more contrast than black text; the better one has
   * at least 4.5.
   */
  static boolean isDark(double share) {
    return share > 0.72;
  }

  private static int between(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }
}

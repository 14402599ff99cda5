package dev.ovchat.chart;

import static dev.ovchat.chart.VegaLite.map;

import java.util.List;
import java.util.Map;

/** Style of all Vega-Lite charts, whatever they show. */
public final class VegaLiteStyle {
  /** The page's text colour. */
  static final String INK = "currentColor";

  /** Width in pixels, for front ends that do not fit the chart to its container. */
  static final int WIDTH = 440;

  /**
   * Width that the window leaves for a chart beside JupyterLab's file browser. It cannot be taken
   * from the container, which is as wide as its content.
   */
  private static final String FITTING_WIDTH = "clamp(windowSize()[0] - 460, 320, 760)";

  /**
   * Options of vega-embed: it draws SVG, in which {@link #INK} follows the page, leaves no room for
   * a menu, and makes the chart as wide as fits, also when the window changes.
   */
  public static final Map<String, Object> METADATA =
      map(
          "embed_options",
          map(
              "renderer",
              "svg",
              "actions",
              false,
              "patch",
              List.of(
                  map("op", "remove", "path", "/width"),
                  map("op", "add", "path", "/signals", "value", List.of(fittingWidth())))));

  private VegaLiteStyle() {}

  private static Map<String, Object> fittingWidth() {
    return map(
        "name",
        "width",
        "init",
        FITTING_WIDTH,
        "on",
        List.of(map("events", "window:resize", "update", FITTING_WIDTH)));
  }

  static Map<String, Object> config() {
    return map(
        "axis",
        map(
            "domainColor", INK,
            "tickColor", INK,
            "gridColor", INK,
            "gridOpacity", 0.15,
            "labelColor", INK,
            "titleColor", INK,
            "titleFontWeight", "normal",
            "labelFontSize", 11,
            "titleFontSize", 12),
        "view",
        map("stroke", "transparent"),
        "title",
        map(
            "color",
            INK,
            "subtitleColor",
            INK,
            "anchor",
            "start",
            "fontSize",
            14,
            "fontWeight",
            600,
            "offset",
            10),
        "legend",
        map(
            "orient",
            "top",
            "titleOrient",
            "left",
            "symbolSize",
            110,
            "labelColor",
            INK,
            "titleColor",
            INK,
            "titleFontWeight",
            "normal",
            "labelFontSize",
            11,
            "labelLimit",
            200),
        "style",
        map("guide-label", map("fill", INK), "guide-title", map("fill", INK)),
        "text",
        map("color", INK));
  }
}

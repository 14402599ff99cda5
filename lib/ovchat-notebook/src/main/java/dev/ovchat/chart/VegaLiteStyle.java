package dev.ovchat.chart;

import static dev.ovchat.chart.VegaLite.map;

import java.util.List;
import java.util.Map;

/** Style of all Vega-Lite charts, whatever they show. */
public final class VegaLiteStyle {
  /**
   * Width that the window leaves for a chart beside JupyterLab's file browser. It cannot be taken
   * from the container, which is as wide as its content. Front ends that do not fit the chart take
   * the width in the specification.
   */
  private static final String FITTING_WIDTH = "clamp(windowSize()[0] - 460, 320, 760)";

  /**
   * Options of vega-embed: it draws SVG, in which {@code currentColor} follows the page, leaves no
   * room for a menu, and makes the chart as wide as fits, also when the window changes.
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

  /** Fonts and colours; {@code currentColor} is the page's text colour. */
  static Map<String, Object> config() {
    return VegaLiteSpec.read("config.json").fields();
  }
}

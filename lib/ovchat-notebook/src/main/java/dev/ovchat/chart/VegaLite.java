package dev.ovchat.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * A chart as a Vega-Lite 5 specification. It has no background of its own, and its texts and lines
 * have the page's text colour: it suits JupyterLab's light and dark themes, and follows a change of
 * theme without being drawn again.
 */
public final class VegaLite {
  public static final String MIME_TYPE = "application/vnd.vegalite.v5+json";

  private VegaLite() {}

  static Map<String, Object> of(Chart chart) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("description", chart.toString());
    spec.put("background", "transparent");
    spec.put("width", VegaLiteStyle.WIDTH);
    spec.put("autosize", map("type", "fit-x", "contains", "padding"));
    spec.put("title", title(chart));
    spec.putAll(chart.data().points().isEmpty() ? nothing() : drawn(chart));
    spec.put("config", VegaLiteStyle.config());
    return spec;
  }

  private static Map<String, Object> title(Chart chart) {
    Map<String, Object> title = map("text", chart.title());
    if (!chart.data().notes().isEmpty()) {
      title.put("subtitle", chart.data().notes());
    }
    return title;
  }

  private static Map<String, Object> nothing() {
    return map(
        "height", NoDataDrawing.HEIGHT,
        "data", map("values", List.of(Map.of())),
        "mark", map("type", "text", "text", "no data", "fontSize", 16));
  }

  private static Map<String, Object> drawn(Chart chart) {
    return switch (chart.kind()) {
      case HEAT_ROW -> VegaLiteHeatRow.of(chart);
      case BAR -> VegaLiteBars.of(chart);
      case LINE, SCATTER -> VegaLitePoints.of(chart);
      case HISTOGRAM -> histogram(chart);
    };
  }

  private static Map<String, Object> histogram(Chart chart) {
    Map<String, Object> x = number("x", chart.xTitle(), chart.data().placeAxis(), false);
    x.put("bin", map("binned", true));
    return map(
        "height",
        Plane.HEIGHT,
        "data",
        map("values", values(chart)),
        "mark",
        map("type", "bar", "color", Palette.SERIES.get(0)),
        "encoding",
        map(
            "x", x,
            "x2", map("field", "end"),
            "y", number("y", chart.yTitle(), chart.valueAxis(), true),
            "tooltip", tooltip(chart)));
  }

  /** A row of data for each point, with only the fields that its chart shows. */
  static List<Map<String, Object>> values(Chart chart) {
    List<Map<String, Object>> values = new ArrayList<>();
    for (ChartPoint point : chart.data().points()) {
      Map<String, Object> value = map("label", point.label(), "y", point.y());
      if (chart.kind() != ChartKind.BAR) {
        value.put("x", point.x());
      }
      if (chart.kind() == ChartKind.HISTOGRAM) {
        value.put("end", point.x() + chart.data().binWidth());
      }
      if (chart.seriesTitle().isPresent()) {
        value.put("series", point.series());
      }
      if (point.hasInterval()) {
        value.put("low", point.low());
        value.put("high", point.high());
      }
      values.add(value);
    }
    return values;
  }

  /** A channel with an axis of numbers, the same as in the PNG image. */
  static Map<String, Object> number(String field, String title, Axis axis, boolean grid) {
    return map(
        "field",
        field,
        "type",
        "quantitative",
        "title",
        title,
        "scale",
        map("domain", List.of(axis.low(), axis.high()), "nice", false, "zero", false),
        "axis",
        map(
            "values",
            DoubleStream.of(axis.ticks()).boxed().toList(),
            "format",
            axis.format(),
            "grid",
            grid,
            "labelOverlap",
            true));
  }

  /** Fields of the tooltip of a point. */
  static List<Map<String, Object>> tooltip(Chart chart) {
    List<Map<String, Object>> tooltip = new ArrayList<>();
    chart.seriesTitle().ifPresent(it -> tooltip.add(map("field", "series", "title", it)));
    tooltip.add(map("field", "label", "title", chart.hasNames() ? "name" : chart.xTitle()));
    if (chart.hasNames()) {
      tooltip.add(map("field", "x", "type", "quantitative", "title", chart.xTitle()));
    }
    tooltip.add(map("field", "y", "type", "quantitative", "title", chart.yTitle()));
    return tooltip;
  }

  /** A channel that differs by series, for instance in its colour. */
  static Map<String, Object> bySeries(Chart chart, List<?> range) {
    return map(
        "field",
        "series",
        "type",
        "nominal",
        "title",
        chart.seriesTitle().orElseThrow(),
        "scale",
        map("domain", chart.data().series(), "range", range));
  }

  /** A line for each interval, and its two ends. */
  static List<Map<String, Object>> whiskers(Chart chart, String channel) {
    if (chart.data().points().stream().noneMatch(ChartPoint::hasInterval)) {
      return List.of();
    }
    Map<String, Object> low = map("field", "low", "type", "quantitative");
    Map<String, Object> high = map("field", "high", "type", "quantitative");
    Map<String, Object> end =
        map(
            "type",
            "tick",
            "orient",
            channel.equals("x") ? "vertical" : "horizontal",
            "color",
            VegaLiteStyle.INK,
            "thickness",
            1.5,
            "size",
            8,
            "opacity",
            1);
    return List.of(
        map(
            "mark", map("type", "rule", "color", VegaLiteStyle.INK, "strokeWidth", 1.5),
            "encoding", map(channel, low, channel + "2", map("field", "high"))),
        map("mark", end, "encoding", map(channel, low)),
        map("mark", end, "encoding", map(channel, high)));
  }

  /** Makes a map of keys and values in turn, which keeps their order. */
  public static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}

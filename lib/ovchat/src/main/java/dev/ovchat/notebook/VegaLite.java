package dev.ovchat.notebook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chart as a Vega-Lite 5 specification. All colours are given: JupyterLab's dark theme would set
 * white text otherwise.
 */
final class VegaLite {
  static final String MIME_TYPE = "application/vnd.vegalite.v5+json";
  private static final int HEIGHT = 360;

  private VegaLite() {}

  static Map<String, Object> of(Chart chart) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("description", chart.toString());
    spec.put("background", Palette.GROUND);
    spec.put("width", ChartPng.WIDTH);
    spec.put("height", HEIGHT);
    spec.put("autosize", map("type", "fit", "contains", "padding"));
    spec.put("title", title(chart));
    if (chart.data().points().isEmpty()) {
      spec.put("height", NoDataDrawing.HEIGHT);
      spec.put("data", map("values", List.of(Map.of())));
      spec.put("mark", map("type", "text", "text", "no data", "fontSize", 16));
    } else if (chart.kind() == ChartKind.HEAT_ROW) {
      spec.putAll(VegaLiteHeatRow.of(chart));
    } else {
      spec.put("data", map("values", values(chart)));
      spec.put("mark", mark(chart.kind()));
      spec.put("encoding", encoding(chart));
    }
    spec.put("config", config());
    return spec;
  }

  private static Map<String, Object> title(Chart chart) {
    return map("text", chart.title(), "subtitle", chart.data().notes());
  }

  private static List<Map<String, Object>> values(Chart chart) {
    List<Map<String, Object>> values = new ArrayList<>();
    for (ChartPoint point : chart.data().points()) {
      Map<String, Object> value = map("label", point.label(), "y", point.y());
      if (chart.kind().hasTwoNumbers()) {
        value.put("x", point.x());
      } else if (chart.kind() == ChartKind.HISTOGRAM) {
        value.put("x", point.x());
        value.put("end", point.x() + chart.data().binWidth());
      }
      if (chart.seriesTitle().isPresent()) {
        value.put("series", point.series());
      }
      values.add(value);
    }
    return values;
  }

  private static Map<String, Object> mark(ChartKind kind) {
    return switch (kind) {
      case LINE -> map("type", "line", "point", true);
      case SCATTER -> map("type", "point", "filled", true, "opacity", 0.8);
      default -> map("type", "bar");
    };
  }

  private static Map<String, Object> encoding(Chart chart) {
    Map<String, Object> encoding = map("x", x(chart), "y", y(chart));
    if (chart.kind() == ChartKind.HISTOGRAM) {
      encoding.put("x2", map("field", "end"));
    }
    List<Map<String, Object>> tooltip = new ArrayList<>();
    chart
        .seriesTitle()
        .ifPresent(
            title -> {
              encoding.put("color", color(title, chart.data().series()));
              tooltip.add(map("field", "series", "title", title));
              if (chart.kind() == ChartKind.BAR) {
                encoding.put("xOffset", map("field", "series", "sort", chart.data().series()));
              }
            });
    tooltip.add(map("field", "label", "title", chart.xTitle()));
    tooltip.add(map("field", "y", "type", "quantitative", "title", chart.yTitle()));
    encoding.put("tooltip", tooltip);
    return encoding;
  }

  private static Map<String, Object> x(Chart chart) {
    return switch (chart.kind()) {
      case HISTOGRAM ->
          map(
              "field",
              "x",
              "bin",
              map("binned", true),
              "type",
              "quantitative",
              "title",
              chart.xTitle());
      case LINE, SCATTER ->
          map(
              "field",
              "x",
              "type",
              "quantitative",
              "title",
              chart.xTitle(),
              "scale",
              map("zero", false, "nice", false, "padding", 8));
      default ->
          map(
              "field",
              "label",
              "type",
              "nominal",
              "title",
              chart.xTitle(),
              "sort",
              chart.data().labels(),
              "axis",
              map(
                  "labelOverlap",
                  chart.data().labels().size() > AxesDrawing.MOST_LABELS,
                  "labelAngle",
                  chart.labelsAreLong() ? -40 : 0,
                  "labelLimit",
                  250));
    };
  }

  private static Map<String, Object> y(Chart chart) {
    return map(
        "field",
        "y",
        "type",
        "quantitative",
        "title",
        chart.yTitle(),
        "scale",
        chart.kind().hasTwoNumbers()
            ? map("zero", false, "nice", false, "padding", 8)
            : map("zero", true));
  }

  private static Map<String, Object> color(String title, List<String> series) {
    return map(
        "field",
        "series",
        "type",
        "nominal",
        "title",
        title,
        "scale",
        map("domain", series, "range", Palette.SERIES));
  }

  private static Map<String, Object> config() {
    Map<String, Object> lines =
        map("domainColor", Palette.INK, "tickColor", Palette.INK, "gridColor", Palette.GRID);
    Map<String, Object> ink = map("fill", Palette.INK);
    return map(
        "axis", lines,
        "view", map("stroke", "transparent"),
        "title", map("color", Palette.INK, "subtitleColor", Palette.INK, "anchor", "start"),
        "legend", map("orient", "bottom", "labelColor", Palette.INK, "titleColor", Palette.INK),
        "style", map("guide-label", ink, "guide-title", ink),
        "text", map("color", Palette.INK),
        "bar", map("color", Palette.SERIES.get(0)),
        "line", map("color", Palette.SERIES.get(0)),
        "point", map("color", Palette.SERIES.get(0)));
  }

  /** Keys and values in turn, in this order. */
  static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}

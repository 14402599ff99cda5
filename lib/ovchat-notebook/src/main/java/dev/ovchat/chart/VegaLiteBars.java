package dev.ovchat.chart;

import static dev.ovchat.chart.VegaLite.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The part of a Vega-Lite specification that draws horizontal bars. */
final class VegaLiteBars {
  private static final int LONGEST_LABEL = 240;

  private VegaLiteBars() {}

  static Map<String, Object> of(Chart chart) {
    BarSizes sizes = BarSizes.of(chart.data());
    Map<String, Object> y = labels(chart);
    Map<String, Object> encoding = map("y", y, "tooltip", VegaLite.tooltip(chart));
    Map<String, Object> bar =
        map("x", VegaLite.number("y", chart.yTitle(), chart.valueAxis(), true));
    if (chart.seriesTitle().isPresent()) {
      List<String> series = chart.data().series();
      encoding.put("yOffset", map("field", "series", "sort", series));
      bar.put("color", VegaLite.bySeries(chart, colors(series.size())));
    }
    List<Map<String, Object>> layers = new ArrayList<>();
    layers.add(map("mark", map("type", "bar", "color", Palette.SERIES.get(0)), "encoding", bar));
    layers.addAll(VegaLite.whiskers(chart, "x"));
    return map(
        "height",
        sizes.height(),
        "data",
        map("values", VegaLite.values(chart)),
        "encoding",
        encoding,
        "layer",
        layers);
  }

  static List<String> colors(int series) {
    return SeriesLook.of(series).stream().map(SeriesLook::color).toList();
  }

  private static Map<String, Object> labels(Chart chart) {
    return map(
        "field",
        "label",
        "type",
        "nominal",
        "title",
        chart.xTitle(),
        "sort",
        chart.data().labels(),
        "scale",
        map("paddingInner", 0.25, "paddingOuter", 0.12),
        "axis",
        map(
            "labelOverlap",
            false,
            "labelLimit",
            LONGEST_LABEL,
            "ticks",
            false,
            "domain",
            false,
            "labelPadding",
            6,
            "maxExtent",
            LONGEST_LABEL + 20));
  }
}

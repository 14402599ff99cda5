package dev.ovchat.chart;

import java.util.List;

/** A Vega-Lite specification of horizontal bars. */
final class VegaLiteBars {
  private VegaLiteBars() {}

  static VegaLiteSpec of(Chart chart) {
    List<String> series = chart.data().series();
    VegaLiteSpec spec = VegaLiteSpec.read("bar.vl.json");
    spec.put("height", BarSizes.of(chart.data()).height());
    spec.put("data/values", VegaLite.values(chart));
    spec.put("encoding/y/title", chart.xTitle());
    spec.put("encoding/y/sort", chart.data().labels());
    VegaLite.fillTooltip(spec.at("encoding"), chart);
    if (chart.seriesTitle().isPresent()) {
      spec.put("encoding/yOffset/sort", series);
    } else {
      spec.remove("encoding/yOffset");
    }
    VegaLiteSpec bars = spec.at("layer/0");
    bars.put("mark/color", Palette.SERIES.get(0));
    VegaLite.fillAxis(bars.at("encoding/x"), chart.yTitle(), chart.valueAxis());
    VegaLite.fillSeries(bars.at("encoding"), "color", chart, colors(series.size()));
    if (!VegaLite.hasIntervals(chart)) { // the other layers are the intervals
      spec.putAll("layer", List.of(bars));
    }
    return spec;
  }

  static List<String> colors(int series) {
    return SeriesStyle.of(series).stream().map(SeriesStyle::color).toList();
  }
}

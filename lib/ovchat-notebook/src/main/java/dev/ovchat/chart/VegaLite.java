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
 *
 * <p>What all charts of a kind have in common stands in a file ({@link VegaLiteSpec}), what depends
 * on a chart is filled in here.
 */
public final class VegaLite {
  public static final String MIME_TYPE = "application/vnd.vegalite.v5+json";

  private VegaLite() {}

  static Map<String, Object> of(Chart chart) {
    VegaLiteSpec spec = chart.data().points().isEmpty() ? nothing() : drawn(chart);
    spec.put("description", chart.toString());
    spec.put("title/text", chart.title());
    if (chart.data().notes().isEmpty()) {
      spec.remove("title/subtitle");
    } else {
      spec.put("title/subtitle", chart.data().notes());
    }
    spec.fields().put("config", VegaLiteStyle.config());
    return spec.fields();
  }

  private static VegaLiteSpec nothing() {
    VegaLiteSpec spec = VegaLiteSpec.read("no-data.vl.json");
    spec.put("height", NoDataDrawing.HEIGHT);
    return spec;
  }

  private static VegaLiteSpec drawn(Chart chart) {
    return switch (chart.kind()) {
      case HEAT_ROW -> VegaLiteHeatRow.of(chart);
      case BAR -> VegaLiteBars.of(chart);
      case LINE, SCATTER -> VegaLitePoints.of(chart);
      case HISTOGRAM -> histogram(chart);
    };
  }

  private static VegaLiteSpec histogram(Chart chart) {
    VegaLiteSpec spec = VegaLiteSpec.read("histogram.vl.json");
    spec.put("height", Plane.HEIGHT);
    spec.put("data/values", values(chart));
    spec.put("mark/color", Palette.SERIES.get(0));
    fillAxis(spec.at("encoding/x"), chart.xTitle(), chart.data().placeAxis());
    fillAxis(spec.at("encoding/y"), chart.yTitle(), chart.valueAxis());
    spec.put("encoding/tooltip/0/title", chart.xTitle());
    spec.put("encoding/tooltip/1/title", chart.yTitle());
    return spec;
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

  /** Fills in a channel with an axis of numbers, the same as in the PNG image. */
  static void fillAxis(VegaLiteSpec channel, String title, Axis axis) {
    channel.put("title", title);
    channel.put("scale/domain", List.of(axis.low(), axis.high()));
    channel.put("axis/values", DoubleStream.of(axis.ticks()).boxed().toList());
    channel.put("axis/format", axis.format());
  }

  /** Fills in the titles of a tooltip: of the series, if there are any, the label and the value. */
  static void fillTooltip(VegaLiteSpec encoding, Chart chart) {
    encoding.put("tooltip/0/title", chart.seriesTitle().orElse(""));
    if (chart.hasNames()) { // whose label is titled "name", and x is one more field
      encoding.put("tooltip/2/title", chart.xTitle());
      encoding.put("tooltip/3/title", chart.yTitle());
    } else {
      encoding.put("tooltip/1/title", chart.xTitle());
      encoding.put("tooltip/2/title", chart.yTitle());
    }
    if (chart.seriesTitle().isEmpty()) {
      encoding.removeFirst("tooltip");
    }
  }

  /**
   * Fills in a channel that differs by series, for instance in its colour; without series it goes.
   */
  static void fillSeries(VegaLiteSpec encoding, String channel, Chart chart, List<?> range) {
    if (chart.seriesTitle().isEmpty()) {
      encoding.remove(channel);
      return;
    }
    encoding.put(channel + "/title", chart.seriesTitle().get());
    encoding.put(channel + "/scale/domain", chart.data().series());
    encoding.put(channel + "/scale/range", range);
  }

  static boolean hasIntervals(Chart chart) {
    return chart.data().points().stream().anyMatch(ChartPoint::hasInterval);
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

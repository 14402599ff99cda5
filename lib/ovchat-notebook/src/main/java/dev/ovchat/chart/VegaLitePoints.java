package dev.ovchat.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A Vega-Lite specification of lines, or of dots and their names. */
final class VegaLitePoints {
  private VegaLitePoints() {}

  static VegaLiteSpec of(Chart chart) {
    VegaLiteSpec spec = VegaLiteSpec.read(file(chart));
    spec.put("height", Plane.HEIGHT);
    List<Map<String, Object>> values = VegaLite.values(chart);
    spec.put("data/values", values);
    if (chart.hasNames()) {
      double[] places = namePlaces(chart);
      for (int i = 0; i < places.length; i++) {
        values.get(i).put("place", places[i]);
      }
      fillPlane(spec.at("layer/0"), chart);
      fillNames(spec.at("layer/1/encoding/y"), chart, places);
    } else {
      fillPlane(spec, chart);
    }
    return spec;
  }

  private static String file(Chart chart) {
    if (chart.kind() == ChartKind.LINE) {
      return "line.vl.json";
    }
    return chart.hasNames() ? "scatter-with-names.vl.json" : "scatter.vl.json";
  }

  /** Fills in the axes and what is between them. */
  private static void fillPlane(VegaLiteSpec plane, Chart chart) {
    VegaLiteSpec encoding = plane.at("encoding");
    List<SeriesStyle> styles = SeriesStyle.of(chart.data().series().size());
    VegaLite.fillAxis(encoding.at("x"), chart.xTitle(), chart.data().placeAxis());
    VegaLite.fillAxis(encoding.at("y"), chart.yTitle(), chart.valueAxis());
    VegaLite.fillSeries(encoding, "color", chart, VegaLiteBars.colors(styles.size()));
    List<VegaLiteSpec> layers = new ArrayList<>();
    for (VegaLiteSpec layer : plane.all("layer")) {
      switch (layer.text("mark/type")) {
        case "line", "point" -> layers.addAll(ofEachSeries(layer, chart, styles));
        default -> { // the line of an interval, or one of its ends
          if (VegaLite.hasIntervals(chart)) {
            layers.add(layer);
          }
        }
      }
    }
    plane.putAll("layer", layers);
  }

  /**
   * A layer for each series: dash, width and size are set as constants, since scales would need a
   * legend.
   */
  private static List<VegaLiteSpec> ofEachSeries(
      VegaLiteSpec layer, Chart chart, List<SeriesStyle> styles) {
    List<VegaLiteSpec> layers = new ArrayList<>();
    for (int i = 0; i < styles.size(); i++) {
      VegaLiteSpec filled = layer.copy();
      if (filled.text("mark/type").equals("line")) {
        fillLine(filled, styles.get(i));
      } else {
        fillPoints(filled, chart, styles, styles.get(i));
      }
      if (chart.seriesTitle().isPresent()) {
        filled.put("transform/0/filter/equal", chart.data().series().get(i));
      } else {
        filled.remove("transform");
      }
      layers.add(filled);
    }
    return layers;
  }

  private static void fillLine(VegaLiteSpec layer, SeriesStyle style) {
    layer.put("mark/color", style.color());
    layer.put("mark/strokeDash", style.dash());
    layer.put("mark/strokeWidth", style.width());
  }

  private static void fillPoints(
      VegaLiteSpec layer, Chart chart, List<SeriesStyle> styles, SeriesStyle style) {
    List<String> shapes = styles.stream().map(each -> each.marker().vegaName()).toList();
    layer.put("mark/color", style.color());
    layer.put("mark/size", style.size() * style.size());
    VegaLite.fillTooltip(layer.at("encoding"), chart);
    VegaLite.fillSeries(layer.at("encoding"), "shape", chart, shapes);
  }

  /** Positions of the names, in values of the y axis. */
  private static double[] namePlaces(Chart chart) {
    Axis up = chart.valueAxis();
    return Arrays.stream(PointsDrawing.namePlaces(chart))
        .map(pixels -> up.high() - pixels / Plane.HEIGHT * (up.high() - up.low()))
        .toArray();
  }

  /**
   * Fills in the names, which are the labels of a second axis, on the right, so that the chart
   * leaves room for them.
   */
  private static void fillNames(VegaLiteSpec channel, Chart chart, double... places) {
    StringJoiner names = new StringJoiner(",", "[", "]");
    PointsDrawing.named(chart).forEach(point -> names.add(quoted(point.label())));
    Axis up = chart.valueAxis();
    channel.put("scale/domain", List.of(up.low(), up.high()));
    channel.put("axis/values", Arrays.stream(places).boxed().toList());
    channel.put("axis/labelExpr", names + "[indexof(" + Arrays.toString(places) + ",datum.value)]");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}

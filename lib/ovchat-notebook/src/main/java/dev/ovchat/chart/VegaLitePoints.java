package dev.ovchat.chart;

import static dev.ovchat.chart.VegaLite.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/** The part of a Vega-Lite specification that draws lines, or dots and their names. */
final class VegaLitePoints {
  private static final int LONGEST_NAME = 240;

  private VegaLitePoints() {}

  static Map<String, Object> of(Chart chart) {
    Map<String, Object> encoding =
        map(
            "x",
            VegaLite.number(
                "x", chart.xTitle(), chart.data().placeAxis(), chart.kind() == ChartKind.SCATTER),
            "y",
            VegaLite.number("y", chart.yTitle(), chart.valueAxis(), true));
    List<SeriesLook> looks = SeriesLook.of(chart.data().series().size());
    if (chart.seriesTitle().isPresent()) {
      encoding.put("color", VegaLite.bySeries(chart, VegaLiteBars.colors(looks.size())));
    }
    List<Map<String, Object>> layers = new ArrayList<>();
    if (chart.kind() == ChartKind.LINE) {
      layers.addAll(ofEachSeries(chart, looks, VegaLitePoints::line));
    }
    layers.addAll(VegaLite.whiskers(chart, "y"));
    layers.addAll(ofEachSeries(chart, looks, look -> points(chart, look)));
    List<Map<String, Object>> values = VegaLite.values(chart);
    if (!chart.hasNames()) {
      return map(
          "height",
          Plane.HEIGHT,
          "data",
          map("values", values),
          "encoding",
          encoding,
          "layer",
          layers);
    }
    double[] places = namePlaces(chart);
    for (int i = 0; i < places.length; i++) {
      values.get(i).put("place", places[i]);
    }
    return map(
        "height",
        Plane.HEIGHT,
        "data",
        map("values", values),
        "resolve",
        map("axis", map("y", "independent")),
        "layer",
        List.of(map("encoding", encoding, "layer", layers), names(chart, places)));
  }

  /**
   * A layer for each series: dash, width and size are set as constants, since scales would need a
   * legend.
   */
  private static List<Map<String, Object>> ofEachSeries(
      Chart chart, List<SeriesLook> looks, Function<SeriesLook, Map<String, Object>> layer) {
    List<Map<String, Object>> layers = new ArrayList<>();
    for (int i = 0; i < looks.size(); i++) {
      Map<String, Object> made = layer.apply(looks.get(i));
      if (chart.seriesTitle().isPresent()) {
        String name = chart.data().series().get(i);
        made.put("transform", List.of(map("filter", map("field", "series", "equal", name))));
      }
      layers.add(made);
    }
    return layers;
  }

  private static Map<String, Object> line(SeriesLook look) {
    return map(
        "mark",
        map(
            "type", "line",
            "strokeJoin", "round",
            "color", look.color(),
            "strokeDash", look.dash(),
            "strokeWidth", look.width()));
  }

  private static Map<String, Object> points(Chart chart, SeriesLook look) {
    Map<String, Object> encoding = map("tooltip", VegaLite.tooltip(chart));
    if (chart.seriesTitle().isPresent()) {
      List<SeriesLook> looks = SeriesLook.of(chart.data().series().size());
      List<String> shapes = looks.stream().map(each -> each.marker().vegaName()).toList();
      encoding.put("shape", VegaLite.bySeries(chart, shapes));
    }
    return map(
        "mark",
        map(
            "type",
            "point",
            "filled",
            true,
            "opacity",
            1,
            "color",
            look.color(),
            "size",
            look.size() * look.size()),
        "encoding",
        encoding);
  }

  /** Positions of the names, in values of the y axis. */
  private static double[] namePlaces(Chart chart) {
    Axis up = chart.valueAxis();
    return Arrays.stream(PointsDrawing.namePlaces(chart))
        .map(pixels -> up.high() - pixels / Plane.HEIGHT * (up.high() - up.low()))
        .toArray();
  }

  /**
   * A layer with the names as labels of a second axis, on the right, so that the chart leaves room
   * for them.
   */
  private static Map<String, Object> names(Chart chart, double... places) {
    Axis up = chart.valueAxis();
    return map(
        "mark",
        map("type", "rule", "color", VegaLiteStyle.INK, "opacity", 0.4, "strokeWidth", 1),
        "transform",
        List.of(map("filter", "isValid(datum.place)")),
        "encoding",
        map(
            "x",
            map("field", "x", "type", "quantitative"),
            "x2",
            map("value", "width"),
            "y",
            map(
                "field",
                "y",
                "type",
                "quantitative",
                "scale",
                map("domain", List.of(up.low(), up.high()), "nice", false, "zero", false),
                "axis",
                nameAxis(chart, places)),
            "y2",
            map("field", "place")));
  }

  private static Map<String, Object> nameAxis(Chart chart, double... places) {
    StringJoiner names = new StringJoiner(",", "[", "]");
    PointsDrawing.named(chart).forEach(point -> names.add(quoted(point.label())));
    return map(
        "orient",
        "right",
        "title",
        "",
        "grid",
        false,
        "domain",
        false,
        "ticks",
        false,
        "labelLimit",
        LONGEST_NAME,
        "labelOverlap",
        false,
        "values",
        Arrays.stream(places).boxed().toList(),
        "labelExpr",
        names + "[indexof(" + Arrays.toString(places) + ",datum.value)]");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}

package dev.ovchat.chart;

import static dev.ovchat.chart.VegaLite.map;

import dev.ovchat.chart.HeatCells.HeatCell;
import java.util.List;
import java.util.Map;

/** The part of a Vega-Lite specification that draws a heat row: cells, and two texts on each. */
final class VegaLiteHeatRow {
  private VegaLiteHeatRow() {}

  static Map<String, Object> of(Chart chart) {
    HeatCells cells = HeatCells.of(chart.data());
    return map(
        "height",
        cells.lines() * HeatRowDrawing.CELL_HEIGHT,
        "data",
        map("values", cells.cells().stream().map(VegaLiteHeatRow::value).toList()),
        "encoding",
        map(
            "x", position("place", chart.xTitle()),
            "y", position("line", ""),
            "tooltip",
                List.of(
                    map("field", "label", "title", chart.xTitle()),
                    map("field", "value", "type", "quantitative", "title", chart.yTitle()))),
        "layer",
        List.of(
            map("mark", map("type", "rect"), "encoding", map("color", color(chart, cells))),
            text("shown", 12, -7),
            text("number", 10, 9)));
  }

  private static Map<String, Object> value(HeatCell cell) {
    return map(
        "line", cell.line(),
        "place", cell.place(),
        "label", cell.label(),
        "shown", HeatRowDrawing.shortened(cell.label()),
        "value", cell.value(),
        "number", cell.number(),
        "dark", Palette.isDark(cell.share()));
  }

  private static Map<String, Object> position(String field, String title) {
    return map(
        "field",
        field,
        "type",
        "ordinal",
        "title",
        title,
        "scale",
        map("paddingInner", 0.02),
        "axis",
        map("labels", false, "ticks", false, "domain", false));
  }

  private static Map<String, Object> color(Chart chart, HeatCells cells) {
    return map(
        "field",
        "value",
        "type",
        "quantitative",
        "title",
        chart.yTitle(),
        "scale",
        map(
            "domain",
            List.of(cells.least(), cells.most()),
            "range",
            List.of(Palette.PALE, Palette.DARK),
            "interpolate",
            "rgb"),
        "legend",
        map("format", cells.format(), "orient", "bottom", "tickCount", 3));
  }

  private static Map<String, Object> text(String field, int size, int dy) {
    return map(
        "mark",
        map("type", "text", "fontSize", size, "dy", dy, "limit", map("expr", "bandwidth('x') - 4")),
        "encoding",
        map(
            "text", map("field", field),
            "color",
                map("condition", map("test", "datum.dark", "value", "white"), "value", "black")));
  }
}

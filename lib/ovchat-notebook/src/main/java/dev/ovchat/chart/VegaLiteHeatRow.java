package dev.ovchat.chart;

import static dev.ovchat.chart.VegaLite.map;

import dev.ovchat.chart.HeatCells.HeatCell;
import java.util.List;
import java.util.Map;

/** A Vega-Lite specification of a heat row: cells, and two texts on each. */
final class VegaLiteHeatRow {
  private VegaLiteHeatRow() {}

  static VegaLiteSpec of(Chart chart) {
    HeatCells cells = HeatCells.of(chart.data());
    VegaLiteSpec spec = VegaLiteSpec.read("heat-row.vl.json");
    spec.put("height", cells.lines() * HeatRowDrawing.CELL_HEIGHT);
    spec.put("data/values", cells.cells().stream().map(VegaLiteHeatRow::value).toList());
    spec.put("encoding/x/title", chart.xTitle());
    spec.put("encoding/tooltip/0/title", chart.xTitle());
    spec.put("encoding/tooltip/1/title", chart.yTitle());
    VegaLiteSpec color = spec.at("layer/0/encoding/color");
    color.put("title", chart.yTitle());
    color.put("scale/domain", List.of(cells.least(), cells.most()));
    color.put("scale/range", List.of(Palette.PALE, Palette.DARK));
    color.put("legend/format", cells.format());
    return spec;
  }

  private static Map<String, Object> value(HeatCell cell) {
    return map(
        "line", cell.line(),
        "place", cell.index(),
        "label", cell.label(),
        "shown", HeatRowDrawing.shortened(cell.label()),
        "value", cell.value(),
        "number", cell.number(),
        "dark", Palette.isDark(cell.share()));
  }
}

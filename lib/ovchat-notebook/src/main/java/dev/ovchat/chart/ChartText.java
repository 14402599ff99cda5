package dev.ovchat.chart;

import dev.ovchat.message.Digits;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** A chart in words. */
final class ChartText {
  private static final int MOST_POINTS = 50;

  private ChartText() {}

  static String of(Chart chart) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(heading(chart));
    List<ChartPoint> points = chart.data().points();
    if (points.isEmpty()) {
      lines.add("no data");
    }
    Digits digits = Digits.ofLargest(points.stream().mapToDouble(ChartPoint::y).toArray());
    points.stream().limit(MOST_POINTS).forEach(p -> lines.add("  " + words(chart, p, digits)));
    if (points.size() > MOST_POINTS) {
      lines.add("  … " + Digits.grouped(points.size() - MOST_POINTS) + " more");
    }
    chart.data().notes().forEach(lines::add);
    return lines.toString();
  }

  private static String heading(Chart chart) {
    String kind = chart.kind().toString();
    String title = chart.title().isBlank() ? "" : chart.title() + ": ";
    String capital =
        title.isEmpty() ? kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1) : kind;
    return title
        + capital
        + " of "
        + chart.yTitle()
        + " by "
        + chart.xTitle()
        + chart.seriesTitle().map(series -> ", for each " + series).orElse("");
  }

  private static String words(Chart chart, ChartPoint point, Digits digits) {
    String series = point.series().isEmpty() ? "" : point.series() + ", ";
    String place = chart.hasNames() ? ", " + Digits.formatAlone(point.x()) : "";
    String interval =
        point.hasInterval()
            ? " (%s to %s)".formatted(digits.bounded(point.low()), digits.bounded(point.high()))
            : "";
    return series + point.label() + place + ": " + digits.bounded(point.y()) + interval;
  }
}

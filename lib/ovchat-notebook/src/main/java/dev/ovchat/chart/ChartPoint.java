package dev.ovchat.chart;

/**
 * One value of a chart.
 *
 * @param label label of a bar or a cell; of a dot, its name, or else its x as text
 * @param x a point's x; of a histogram's bar, the beginning of its bin; otherwise 0
 * @param y the value; of a histogram's bar, the number of values in the bin
 * @param series the name of the series that it belongs to; empty if there is only one
 * @param low the lower end of its interval; NaN if it has none
 * @param high the upper end of its interval; NaN if it has none
 */
record ChartPoint(String label, double x, double y, String series, double low, double high) {

  ChartPoint(String label, double x, double y, String series) {
    this(label, x, y, series, Double.NaN, Double.NaN);
  }

  ChartPoint labelled(String other) {
    return new ChartPoint(other, x, y, series, low, high);
  }

  boolean hasInterval() {
    return !Double.isNaN(low);
  }
}

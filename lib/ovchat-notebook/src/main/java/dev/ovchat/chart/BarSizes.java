package dev.ovchat.chart;

/**
 * Sizes of the bars of a chart, in pixels.
 *
 * @param labels number of labels
 * @param before room above the first bar of a label
 * @param step distance from one label to the next
 * @param thickness thickness of a bar; each label has one bar for each series
 */
record BarSizes(int labels, int step, int before, int thickness) {
  private static final int MANY = 40;
  private static final int LEAST_STEP = 15; // the height of a label

  static BarSizes of(ChartData data) {
    int labels = data.labels().size();
    int series = data.series().size();
    int bars = labels * series;
    int thickness = bars > MANY ? (series > 1 ? 6 : 11) : series > 1 ? 12 : 18;
    int between = bars > MANY ? 4 : 8;
    int step = Math.max(LEAST_STEP, series * thickness + between);
    return new BarSizes(labels, step, (step - series * thickness) / 2, thickness);
  }

  int height() {
    return labels * step;
  }
}

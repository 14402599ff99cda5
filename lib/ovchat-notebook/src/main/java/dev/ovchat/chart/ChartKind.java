package dev.ovchat.chart;

/** The kinds of charts there are. */
enum ChartKind {
  BAR("bar chart"),
  LINE("line chart"),
  SCATTER("scatter chart"),
  HISTOGRAM("histogram"),
  HEAT_ROW("heat row");

  private final String words;

  ChartKind(String words) {
    this.words = words;
  }

  /** Whether its points are placed by two numbers, and not by their labels. */
  boolean hasTwoNumbers() {
    return this == LINE || this == SCATTER;
  }

  /** Whether what it draws lies along an axis of values, and can have an interval there. */
  boolean hasIntervals() {
    return this == BAR || this == LINE || this == SCATTER;
  }

  @Override
  public String toString() {
    return words;
  }
}

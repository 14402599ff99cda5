package dev.ovchat.chart;

/** Kinds of charts. */
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

  /** Returns whether points are placed by two numbers, and not by their labels. */
  boolean hasTwoNumbers() {
    return this == LINE || this == SCATTER;
  }

  /** Returns whether the values lie along an axis and can have intervals there. */
  boolean hasIntervals() {
    return this == BAR || this == LINE || this == SCATTER;
  }

  @Override
  public String toString() {
    return words;
  }
}

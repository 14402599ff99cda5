package dev.ovchat.notebook;

/**
 * One value of a chart.
 *
 * @param label of a bar or a cell; of a point with two numbers, its x as text
 * @param x a point's place; of a histogram's bar, where its bin begins; else 0
 * @param y the value; of a histogram's bar, how many values lie in the bin
 * @param series the name of the series that it belongs to; empty where there is one alone
 */
record ChartPoint(String label, double x, double y, String series) {}

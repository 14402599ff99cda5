/**
 * Charts of tables: {@link dev.ovchat.chart.Chart} describes one; it becomes Vega-Lite for
 * JupyterLab, a PNG image for other front ends, and text. The Vega-Lite specifications lie beside
 * the classes, a file for each kind of chart, such as {@code bar.vl.json}.
 *
 * <pre>{@code
 * Chart.bar(table, "config", "tokens/s").title("Speed")
 * }</pre>
 */
package dev.ovchat.chart;

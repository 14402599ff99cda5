/**
 * Charts of tables: {@link dev.ovchat.chart.Chart} describes one; it becomes Vega-Lite for
 * JupyterLab, a picture for others, and text.
 *
 * <pre>{@code
 * Chart.bar(results, "config", "tokens/s").title("Speed")
 * }</pre>
 */
package dev.ovchat.chart;

/**
 * How values look in a notebook: tables as HTML, {@link dev.ovchat.chart.Chart charts}, text as it
 * comes, a line of progress; and what a kernel does when a cell prints or is stopped.
 *
 * <p>On the JJava kernel this is so by itself; on IJava it takes one line. Anywhere else the text
 * form of each value stays.
 *
 * <pre>{@code
 * dev.ovchat.display.Display.install();
 * }</pre>
 */
package dev.ovchat.display;

/**
 * Display of values in a notebook: tables as HTML, {@link dev.ovchat.chart.Chart charts}, text as
 * it is generated, a line of progress; and the kernel's handling of printed text and of the stop
 * button.
 *
 * <p>On the JJava kernel this is set up automatically; on IJava it takes one line. Anywhere else
 * values are shown as text.
 *
 * <pre>{@code
 * dev.ovchat.display.Display.install();
 * }</pre>
 */
package dev.ovchat.display;

/**
 * How values look in a notebook: tables as HTML, {@link dev.ovchat.notebook.Chart charts}, and a
 * line of progress.
 *
 * <p>On the JJava kernel this is so by itself; on IJava it takes one line, {@code
 * dev.ovchat.notebook.Display.install()}. Anywhere else the text form of each value stays.
 */
package dev.ovchat.notebook;

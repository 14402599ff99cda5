/**
 * Text as people may see it: what would act on a terminal or a page, or could not be seen, has a
 * sign; numbers have the same digits in every country.
 *
 * <p>Entry points: {@link dev.ovchat.message.Visible} for messages, {@link
 * dev.ovchat.message.VisibleText} and {@link dev.ovchat.message.Digits} for tables and charts.
 *
 * <pre>{@code
 * Visible.onOneLine("a\tb")   // a␉b
 * }</pre>
 */
package dev.ovchat.message;

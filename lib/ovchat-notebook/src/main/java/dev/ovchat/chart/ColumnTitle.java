package dev.ovchat.chart;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A column's name in readable form. */
final class ColumnTitle {
  /** Pattern of the names that tablesaw's {@code summarize} makes: {@code Median [tokens/s]}. */
  private static final Pattern SUMMARY = Pattern.compile("([\\p{L}0-9. %]+) \\[(.+)]");

  private ColumnTitle() {}

  /** The title of a column, such as {@code tokens/s, median}; other names stay as they are. */
  static String of(String column) {
    Matcher summary = SUMMARY.matcher(column);
    return summary.matches()
        ? summary.group(2) + ", " + summary.group(1).toLowerCase(Locale.ROOT)
        : column;
  }
}

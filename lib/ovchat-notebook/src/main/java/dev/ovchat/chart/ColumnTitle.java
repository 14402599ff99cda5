package dev.ovchat.chart;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A column's name as people read it. */
final class ColumnTitle {
  /** How tablesaw names what {@code summarize} makes: {@code Median [tokens/s]}. */
  private static final Pattern SUMMARY = Pattern.compile("([\\p{L}0-9. %]+) \\[(.+)]");

  private ColumnTitle() {}

  /** For instance {@code tokens/s, median}; other names stay as they are. */
  static String of(String column) {
    Matcher summary = SUMMARY.matcher(column);
    return summary.matches()
        ? summary.group(2) + ", " + summary.group(1).toLowerCase(Locale.ROOT)
        : column;
  }
}

package dev.ovchat.notebook;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * How many digits the numbers of one column have. All have the same number of decimals: as many as
 * the smallest needs to show three digits, but six at most, and no more than any of them has.
 */
record Digits(int decimals) {
  private static final int MOST_DECIMALS = 6;
  private static final double SMALLEST = 1e-4;
  private static final double LARGEST = 1e15;

  /** The digits for these numbers; those that are not finite do not count. */
  static Digits of(double... numbers) {
    double smallest = plain(numbers).map(Math::abs).filter(number -> number > 0).min().orElse(1);
    int wanted = 2 - (int) Math.floor(Math.log10(smallest));
    int limit = Math.max(0, Math.min(wanted, MOST_DECIMALS));
    return new Digits(plain(numbers).mapToInt(n -> decimals(n, limit)).max().orElse(0));
  }

  private static DoubleStream plain(double... numbers) {
    return DoubleStream.of(numbers).filter(number -> isPlain(number));
  }

  /** Whether the number is written with a point, and not with a power of ten. */
  static boolean isPlain(double number) {
    double size = Math.abs(number);
    return size == 0 || (size >= SMALLEST && size < LARGEST);
  }

  /** How many decimals the number has once it is rounded to so many. */
  private static int decimals(double number, int limit) {
    var rounded = new BigDecimal(String.format(Locale.ROOT, "%." + limit + "f", number));
    return Math.max(0, rounded.stripTrailingZeros().scale());
  }

  /** For instance 12.50, 3.20e-07 or -∞; empty for no number. */
  String format(double number) {
    if (Double.isNaN(number)) {
      return "";
    } else if (Double.isInfinite(number)) {
      return number > 0 ? "∞" : "-∞";
    }
    String form = isPlain(number) ? "%." + decimals + "f" : "%.2e";
    return String.format(Locale.ROOT, form, number);
  }

  /** A number on its own. */
  static String formatAlone(double number) {
    return of(number).format(number);
  }

  /** A count for people, for instance 1,000,000. */
  static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}

package dev.ovchat.message;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Digits of the numbers of one column. All have the same number of decimals: as many as the
 * smallest needs to show three digits, but six at most, and no more than any of them has.
 *
 * @param least the smallest number that is worth its digits; 0 where all are
 */
public record Digits(int decimals, double least) {
  private static final int MOST_DECIMALS = 6;
  private static final double SMALLEST = 1e-4;
  private static final double LARGEST = 1e15;

  Digits(int decimals) {
    this(decimals, 0);
  }

  /** The digits for these numbers; those that are not finite do not count. */
  public static Digits of(double... numbers) {
    double smallest = plain(numbers).map(Math::abs).filter(number -> number > 0).min().orElse(1);
    int wanted = 2 - (int) Math.floor(Math.log10(smallest));
    int limit = Math.max(0, Math.min(wanted, MOST_DECIMALS));
    return new Digits(plain(numbers).mapToInt(n -> decimals(n, limit)).max().orElse(0));
  }

  /**
   * The digits for numbers that belong together and may be far apart, such as probabilities: enough
   * for three digits of the largest. {@link #bounded} says what is smaller than that.
   */
  public static Digits ofLargest(double... numbers) {
    double largest = plain(numbers).map(Math::abs).max().orElse(1);
    int wanted = largest == 0 ? 0 : 2 - (int) Math.floor(Math.log10(largest));
    boolean whole = plain(numbers).allMatch(number -> number == Math.rint(number));
    int decimals = whole ? 0 : Math.max(0, Math.min(wanted, MOST_DECIMALS));
    return new Digits(
        decimals, plain(numbers).anyMatch(it -> it != 0) ? Math.pow(10, -decimals) : 0);
  }

  /** The number with these digits; one too small for them as, for instance, {@code <0.01}. */
  public String bounded(double number) {
    if (number != 0 && Math.abs(number) < least / 2) {
      String bound = String.format(Locale.ROOT, "%." + decimals + "f", least);
      return number > 0 ? "<" + bound : ">-" + bound;
    }
    return format(number);
  }

  private static DoubleStream plain(double... numbers) {
    return DoubleStream.of(numbers).filter(number -> isPlain(number));
  }

  /** Returns whether the number is written with a point, and not with a power of ten. */
  public static boolean isPlain(double number) {
    double size = Math.abs(number);
    return size == 0 || (size >= SMALLEST && size < LARGEST);
  }

  /** Number of decimals that the number has once it is rounded to {@code limit} of them. */
  private static int decimals(double number, int limit) {
    var rounded = new BigDecimal(String.format(Locale.ROOT, "%." + limit + "f", number));
    return Math.max(0, rounded.stripTrailingZeros().scale());
  }

  /** The number as text, for instance 12.50, 3.20e-07 or -∞; empty for NaN. */
  public String format(double number) {
    if (Double.isNaN(number)) {
      return "";
    } else if (Double.isInfinite(number)) {
      return number > 0 ? "∞" : "-∞";
    }
    String form = isPlain(number) ? "%." + decimals + "f" : "%.2e";
    return String.format(Locale.ROOT, form, number);
  }

  /** A number on its own. */
  public static String formatAlone(double number) {
    return of(number).format(number);
  }

  /** A count for people, for instance 1,000,000. */
  public static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}

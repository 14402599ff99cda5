package dev.ovchat.chart;

import dev.ovchat.message.Digits;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An axis of numbers. It begins and ends at a multiple of its step, which is 1, 2 or 5 times a
 * power of ten. The PNG image and the Vega-Lite chart have the same axis.
 */
record Axis(double low, double high, double step) {
  private static final int STEPS = 5;

  /**
   * @param fromZero whether 0 is on the axis, whatever the values are
   */
  static Axis of(DoubleStream values, boolean fromZero) {
    double[] all = values.toArray();
    double least = DoubleStream.of(all).min().orElse(0);
    double most = DoubleStream.of(all).max().orElse(0);
    double low = fromZero ? Math.min(0, least) : least;
    double high = fromZero ? Math.max(0, most) : most;
    if (low == high) {
      double half = low == 0 ? 0.5 : Math.abs(low) / 2;
      low -= fromZero ? 0 : half;
      high += half;
    }
    double step = step(low, high);
    return new Axis(Math.floor(low / step) * step, Math.ceil(high / step) * step, step);
  }

  private static double step(double low, double high) {
    double rough = high / STEPS - low / STEPS; // of the largest numbers, the range may be none
    double resolution = 4 * Math.ulp(Math.max(Math.abs(low), Math.abs(high)));
    return Bins.round(Math.max(rough, resolution));
  }

  /** Numbers along the axis, one at each step. */
  double[] ticks() {
    int steps = (int) Math.round((high - low) / step);
    return IntStream.rangeClosed(0, steps)
        .mapToDouble(i -> i == steps ? high : low + i * step)
        .toArray();
  }

  /** Relative position of a number along the axis, 0 to 1. */
  double share(double value) {
    return (value - low) / (high - low);
  }

  /** A number of the axis as text, for instance 1,200 or 0.25. */
  String text(double tick) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    if (!Digits.isPlain(largest)) {
      return tick == 0 ? "0" : String.format(Locale.ROOT, "%.2g", tick);
    }
    double shown = Math.abs(tick) < step / 2 ? 0 : tick; // sums of steps may miss it by a little
    return String.format(Locale.ROOT, "%,." + decimals() + "f", shown);
  }

  /** The number format for Vega-Lite, in d3's notation. */
  String format() {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    return Digits.isPlain(largest) ? ",." + decimals() + "f" : ".1e";
  }

  private int decimals() {
    return Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
  }
}

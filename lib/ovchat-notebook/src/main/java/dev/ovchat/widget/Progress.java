package dev.ovchat.widget;

/** Bar that says how far long work is. */
public final class Progress extends DescribedWidget<Progress> {

  /** Makes a bar for work of so many parts. */
  public Progress(double parts) {
    super("FloatProgress", Style.of("Progress"));
    set("_view_name", "ProgressView");
    set("min", 0.0);
    set("orientation", "horizontal");
    set("bar_style", "");
    parts(parts);
    value(0);
  }

  /** Sets how many parts there are. */
  public Progress parts(double parts) {
    set("max", parts);
    return this;
  }

  /** Number of parts. */
  public double parts() {
    return (Double) get("max");
  }

  /** Sets how many parts are done. */
  public Progress value(double done) {
    set("value", done);
    return this;
  }

  /** Number of parts that are done. */
  public double value() {
    return (Double) get("value");
  }

  @Override
  public String toString() {
    return described(text(value()) + " of " + text(parts()));
  }

  /** A whole number without a decimal point. */
  private static String text(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}

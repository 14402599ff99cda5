package dev.ovchat.widget;

/** Slider for a decimal number. */
public final class FloatSlider extends ValueWidget<Double, FloatSlider> {
  private final double min;
  private final double max;

  private FloatSlider(double min, double max) {
    super("FloatSlider", Style.of("Slider"), "value");
    this.min = min;
    this.max = max;
  }

  /**
   * Makes a slider.
   *
   * @param step distance of neighbouring values, above 0
   * @throws IllegalArgumentException if the value is not between {@code min} and {@code max}
   */
  public static FloatSlider of(double min, double max, double step, double value) {
    if (!(step > 0)) {
      throw new IllegalArgumentException("The step is " + step + ", and has to be above 0.");
    }
    FloatSlider slider = new FloatSlider(min, max);
    slider.set("min", min);
    slider.set("max", max);
    slider.set("step", step);
    slider.set("readout_format", ".2f");
    return slider.value(value);
  }

  /** Sets the value. */
  public FloatSlider value(double value) {
    return value(Double.valueOf(value));
  }

  @Override
  Object accept(Object value) {
    if (value instanceof Number number
        && number.doubleValue() >= min
        && number.doubleValue() <= max) {
      return number.doubleValue();
    }
    throw refusal(value, "a number from " + min + " to " + max);
  }
}

package dev.ovchat.widget;

/** Slider for a whole number. */
public final class IntSlider extends ValueWidget<Integer, IntSlider> {
  private final int min;
  private final int max;

  private IntSlider(int min, int max) {
    super("IntSlider", Style.of("Slider"), "value");
    this.min = min;
    this.max = max;
  }

  /**
   * Makes a slider.
   *
   * @param step distance of neighbouring values, above 0
   * @throws IllegalArgumentException if the value is not between {@code min} and {@code max}
   */
  public static IntSlider of(int min, int max, int step, int value) {
    if (step < 1) {
      throw new IllegalArgumentException("The step is " + step + ", and has to be 1 or more.");
    }
    IntSlider slider = new IntSlider(min, max);
    slider.set("min", min);
    slider.set("max", max);
    slider.set("step", step);
    return slider.value(value);
  }

  /** Sets the value. */
  public IntSlider value(int value) {
    return value(Integer.valueOf(value));
  }

  @Override
  Object accept(Object value) {
    if (value instanceof Integer number && number >= min && number <= max) {
      return number;
    }
    throw refusal(value, "a whole number from " + min + " to " + max);
  }
}

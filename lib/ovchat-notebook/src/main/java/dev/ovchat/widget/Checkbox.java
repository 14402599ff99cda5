package dev.ovchat.widget;

/** Box that is checked or not. */
public final class Checkbox extends ValueWidget<Boolean, Checkbox> {

  /** Makes a box. */
  public Checkbox(boolean checked) {
    super("Checkbox", Style.of("Checkbox"), "value");
    set("indent", false);
    set("value", checked);
  }

  @Override
  Object accept(Object value) {
    if (value instanceof Boolean) {
      return value;
    }
    throw refusal(value, "true or false");
  }
}

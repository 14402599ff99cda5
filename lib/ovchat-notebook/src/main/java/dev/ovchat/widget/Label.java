package dev.ovchat.widget;

/** Line of text, which is shown as it is: marks of HTML do nothing. */
public final class Label extends DescribedWidget<Label> {

  /** Makes a line with this text. */
  public Label(String value) {
    super("Label", new Style("Label"));
    set("value", value);
  }

  /** The text. */
  public String value() {
    return (String) get("value");
  }

  /** Sets the text. */
  public Label value(String value) {
    set("value", value);
    return this;
  }

  @Override
  public String toString() {
    return described(value());
  }
}

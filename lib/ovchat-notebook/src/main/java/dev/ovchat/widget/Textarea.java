package dev.ovchat.widget;

/** Field for a text of several lines. */
public final class Textarea extends TextWidget<Textarea> {

  /** Makes a field with this text. */
  public Textarea(String value) {
    super("Textarea", value);
  }

  /** Number of lines that are shown at a time. */
  public Textarea rows(int rows) {
    set("rows", rows);
    return this;
  }
}

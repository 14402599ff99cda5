package dev.ovchat.widget;

/** Place and size of a widget, in the words of CSS. */
public final class Layout extends Widget {
  Layout() {
    super(BASE, "2.0.0", "Layout");
  }

  /** Width, such as {@code 50%} or {@code 300px}. */
  public Layout width(String width) {
    set("width", width);
    return this;
  }

  /** Height, such as {@code 100px}. */
  public Layout height(String height) {
    set("height", height);
    return this;
  }

  /** Greatest height; what does not fit can be scrolled to. */
  public Layout maxHeight(String height) {
    set("max_height", height);
    set("overflow", "auto");
    return this;
  }

  /** Keeps the end in sight of what does not fit, also while it grows. For a box of one part. */
  public Layout showsItsEnd() {
    set("flex_flow", "column-reverse");
    return this;
  }

  /** Keeps a part of a box as large as what it holds, however little room the box has. */
  public Layout keepsItsSize() {
    set("flex", "none");
    return this;
  }

  /** Sets whether parts of a box that do not fit side by side go to the next row. */
  public Layout wraps(boolean wraps) {
    set("flex_flow", wraps ? "row wrap" : "row");
    return this;
  }

  /** Sets whether the widget is to be seen. */
  public Layout visible(boolean visible) {
    set("display", visible ? "" : "none");
    return this;
  }

  @Override
  public String toString() {
    return "";
  }
}

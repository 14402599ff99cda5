package dev.ovchat.widget;

/** Look of a widget's parts. Each kind of widget has its own in the page. */
final class Style extends Widget {
  Style(String kind) {
    super(CONTROLS, "2.0.0", kind + "Style");
    set("_view_module", BASE);
    set("_view_name", "StyleView");
  }

  /** Style of a widget with a description, which gets the width that it needs. */
  static Style of(String kind) {
    Style style = new Style(kind);
    style.set("description_width", "initial");
    return style;
  }

  @Override
  public String toString() {
    return "";
  }
}

package dev.ovchat.widget;

/**
 * Widget with a description beside it and a place in the page.
 *
 * @param <W> the widget's own class, which setters return
 */
public abstract class DescribedWidget<W extends DescribedWidget<W>> extends Widget {
  private final Layout layout = new Layout();

  /**
   * @param style kind of its style in the page
   */
  DescribedWidget(String name, Style style) {
    super(CONTROLS, "2.0.0", name);
    set("layout", layout);
    set("style", style);
    set("description", "");
    set("disabled", false);
  }

  /** The widget itself, by its own class. */
  @SuppressWarnings("unchecked")
  final W self() {
    return (W) this;
  }

  /**
   * Text beside the widget, which also names it to screen readers. It is text: marks of HTML are
   * shown as they are.
   */
  public W description(String description) {
    set("description", description);
    return self();
  }

  /** Text beside the widget. */
  public String description() {
    return (String) get("description");
  }

  /** Text that is shown while the mouse rests on the widget. */
  public W tooltip(String tooltip) {
    set("tooltip", tooltip);
    return self();
  }

  /** Sets whether the page refuses to change it. */
  public W disabled(boolean disabled) {
    set("disabled", disabled);
    return self();
  }

  /** Place and size. */
  public Layout layout() {
    return layout;
  }

  /** Text of the widget with its description. */
  final String described(Object value) {
    return description().isEmpty() ? String.valueOf(value) : description() + ": " + value;
  }
}

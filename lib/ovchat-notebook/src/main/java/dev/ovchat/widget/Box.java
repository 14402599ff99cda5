package dev.ovchat.widget;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Widget that holds others.
 *
 * @param <W> the widget's own class, which setters return
 */
public abstract class Box<W extends Box<W>> extends Widget {
  private final Layout layout = new Layout();

  Box(String name, List<? extends Widget> children) {
    super(CONTROLS, "2.0.0", name);
    set("layout", layout);
    set("box_style", "");
    children(children);
  }

  /** Sets what it holds. */
  public final W children(List<? extends Widget> children) {
    children.forEach(child -> child.setParent(this));
    set("children", List.copyOf(children));
    return self();
  }

  @SuppressWarnings("unchecked")
  private W self() {
    return (W) this;
  }

  /** The widgets that it holds. */
  @SuppressWarnings("unchecked")
  public List<Widget> children() {
    return (List<Widget>) get("children");
  }

  /** Place and size. */
  public Layout layout() {
    return layout;
  }

  /** Text between the texts of its parts. */
  String separator() {
    return "\n";
  }

  @Override
  public String toString() {
    return children().stream()
        .map(Widget::toString)
        .filter(text -> !text.isBlank())
        .collect(Collectors.joining(separator()));
  }
}

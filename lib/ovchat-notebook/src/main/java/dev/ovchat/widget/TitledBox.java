package dev.ovchat.widget;

import java.util.ArrayList;
import java.util.List;

/**
 * Widgets with a title each, of which one is open.
 *
 * @param <W> the widget's own class, which setters return
 */
public abstract class TitledBox<W extends TitledBox<W>> extends Box<W> {
  TitledBox(String name, Integer open) {
    super(name, List.of());
    set("titles", List.of());
    set("selected_index", open);
  }

  /** Adds a widget. */
  @SuppressWarnings("unchecked")
  public W add(String title, Widget child) {
    List<Object> titles = new ArrayList<>((List<?>) get("titles"));
    titles.add(title);
    set("titles", titles);
    List<Widget> children = new ArrayList<>(children());
    children.add(child);
    return children(children);
  }

  /** Takes the number of the one that a page opens; {@code null} where it closes all. */
  @Override
  Object accept(String key, Object value) {
    if (!key.equals("selected_index")) {
      return super.accept(key, value);
    }
    if (value == null
        || (value instanceof Integer index && index >= 0 && index < children().size())) {
      return value;
    }
    throw new IllegalArgumentException(
        "There is no part " + value + " among " + children().size() + ", counted from 0.");
  }

  @Override
  public String toString() {
    List<?> titles = (List<?>) get("titles");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < children().size(); i++) {
      text.append(titles.get(i)).append('\n').append(children().get(i).toString().indent(2));
    }
    return text.toString().stripTrailing();
  }
}

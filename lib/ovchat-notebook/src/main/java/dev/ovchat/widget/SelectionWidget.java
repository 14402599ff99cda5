package dev.ovchat.widget;

import java.util.List;

/**
 * Choice among several values, which are shown by {@link Object#toString}.
 *
 * @param <T> the values
 * @param <W> the widget's own class, which setters return
 */
public abstract class SelectionWidget<T, W extends SelectionWidget<T, W>>
    extends ValueWidget<T, W> {
  private List<T> options = List.of();

  SelectionWidget(String name, Style style, List<T> options, T value) {
    super(name, style, "index");
    options(options, value);
  }

  /**
   * Sets what there is to choose from, and which of it is chosen.
   *
   * @throws IllegalArgumentException if the value is not among the options
   */
  public final synchronized W options(List<T> options, T value) {
    int index = index(options, value);
    this.options = List.copyOf(options);
    set("_options_labels", this.options.stream().map(Object::toString).toList());
    set("index", index);
    return self();
  }

  @Override
  public synchronized T value() {
    return options.get((Integer) get("index"));
  }

  @Override
  public synchronized W value(T value) {
    set("index", index(options, value));
    return self();
  }

  private int index(List<T> options, T value) {
    int index = options.indexOf(value);
    if (index < 0) {
      throw refusal(value, "one of " + options);
    }
    return index;
  }

  @Override
  Object accept(Object value) {
    if (value instanceof Integer index && index >= 0 && index < options.size()) {
      return index;
    }
    throw refusal("number " + value, "one of " + options.size() + " options, counted from 0");
  }
}

package dev.ovchat.widget;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Widget with a value that pages can change.
 *
 * @param <T> the value
 * @param <W> the widget's own class, which setters return
 */
public abstract class ValueWidget<T, W extends ValueWidget<T, W>> extends DescribedWidget<W> {
  private final List<Callbacks<T>> listeners = new CopyOnWriteArrayList<>();
  private final String key;

  /**
   * @param key name of the state's part that pages change
   */
  ValueWidget(String name, Style style, String key) {
    super(name, style);
    this.key = key;
  }

  /** The value. */
  @SuppressWarnings("unchecked")
  public T value() {
    return (T) get(key);
  }

  /**
   * Sets the value here and in all pages. Listeners are notified of what pages do alone.
   *
   * @throws IllegalArgumentException if the widget cannot have it
   */
  public W value(T value) {
    set(key, accept(value));
    return self();
  }

  /**
   * Adds a listener of the values that pages set. It runs on a thread of its own, one call after
   * the other; where values follow one another faster than it can take them, it gets the last. What
   * it throws is shown below the widget.
   */
  public W onChange(Consumer<T> listener) {
    listeners.add(new Callbacks<>(listener, true, this::complain));
    return self();
  }

  /** Takes a page's value. */
  @Override
  final Object accept(String key, Object value) {
    return key.equals(this.key) ? accept(value) : super.accept(key, value);
  }

  /**
   * Value of a page as it is to be kept.
   *
   * @throws IllegalArgumentException if the widget cannot have it
   */
  abstract Object accept(Object value);

  @Override
  final void changed(String key) {
    complain("");
    listeners.forEach(listener -> listener.call(value()));
  }

  final IllegalArgumentException refusal(Object value, String allowed) {
    String text = String.valueOf(value);
    return new IllegalArgumentException(
        "%s cannot be %s; allowed is %s."
            .formatted(
                description().isEmpty() ? kind() : description(),
                text.length() > 80 ? text.substring(0, 80) + " …" : text,
                allowed));
  }

  @Override
  public String toString() {
    return described(value());
  }
}

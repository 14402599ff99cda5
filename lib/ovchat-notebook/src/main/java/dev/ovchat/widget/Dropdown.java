package dev.ovchat.widget;

import java.util.List;

/**
 * List to choose one value from.
 *
 * @param <T> the values
 */
public final class Dropdown<T> extends SelectionWidget<T, Dropdown<T>> {
  private Dropdown(List<T> options, T value) {
    super("Dropdown", Style.of("Description"), options, value);
  }

  /**
   * Makes a list.
   *
   * @throws IllegalArgumentException if the value is not among the options
   */
  public static <T> Dropdown<T> of(List<T> options, T value) {
    return new Dropdown<>(options, value);
  }
}

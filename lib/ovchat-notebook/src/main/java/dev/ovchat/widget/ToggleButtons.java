package dev.ovchat.widget;

import java.util.List;

/**
 * Row of buttons, of which one is pressed.
 *
 * @param <T> the values
 */
public final class ToggleButtons<T> extends SelectionWidget<T, ToggleButtons<T>> {
  private ToggleButtons(List<T> options, T value) {
    super("ToggleButtons", Style.of("ToggleButtons"), options, value);
  }

  /**
   * Makes the buttons.
   *
   * @throws IllegalArgumentException if the value is not among the options
   */
  public static <T> ToggleButtons<T> of(List<T> options, T value) {
    return new ToggleButtons<>(options, value);
  }
}

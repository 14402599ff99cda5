package dev.ovchat.widget;

/**
 * Field for a text.
 *
 * @param <W> the widget's own class, which setters return
 */
public abstract class TextWidget<W extends TextWidget<W>> extends ValueWidget<String, W> {
  private static final int LONGEST = 1_000_000; // characters
  private static final int ON_ITS_WAY_MILLIS = 150;

  TextWidget(String name, String value) {
    super(name, Style.of("Text"), "value");
    set("continuous_update", true);
    set("placeholder", "");
    value(value);
  }

  /**
   * The text, when what was typed last has arrived: a page sends a key or a click before it. It
   * waits for a moment, so it is for listeners, which have a thread of their own.
   */
  public String settled() {
    try {
      Thread.sleep(ON_ITS_WAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return value();
  }

  /** Text that is shown while the field is empty. */
  public W placeholder(String placeholder) {
    set("placeholder", placeholder);
    return self();
  }

  @Override
  Object accept(Object value) {
    if (value instanceof String text && text.length() <= LONGEST) {
      return text;
    }
    throw refusal(value, "a text of at most " + LONGEST + " characters");
  }
}

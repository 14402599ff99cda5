package dev.ovchat.widget;

import java.util.function.Consumer;

/** Field for one line of text. */
public final class Text extends TextWidget<Text> {
  private volatile Callbacks<Text> submitted;

  /** Makes a field with this text. */
  public Text(String value) {
    super("Text", value);
  }

  /**
   * Sets the listener of the enter key, which gets the text. It runs as that of {@link #onChange}.
   */
  public Text onSubmit(Consumer<String> listener) {
    submitted = new Callbacks<>(text -> listener.accept(text.settled()), false, this::complain);
    return this;
  }

  @Override
  void happened(String event) {
    if (!event.equals("submit")) {
      super.happened(event);
    }
    if (submitted != null) {
      submitted.call(this);
    }
  }
}

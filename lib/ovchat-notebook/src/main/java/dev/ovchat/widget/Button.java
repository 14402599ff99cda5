package dev.ovchat.widget;

/** Button. */
public final class Button extends DescribedWidget<Button> {
  private volatile Callbacks<Button> clicked;

  /** Makes a button with this text. */
  public Button(String description) {
    super("Button", new Style("Button"));
    set("button_style", "");
    description(description);
  }

  /**
   * Sets the listener of clicks. It runs on a thread of its own; of clicks that come while it runs,
   * one counts.
   */
  public Button onClick(Runnable listener) {
    clicked = new Callbacks<>(button -> listener.run(), false, this::complain);
    return this;
  }

  /** Sets whether it stands out among others. */
  public Button primary(boolean primary) {
    set("button_style", primary ? "primary" : "");
    return this;
  }

  @Override
  void happened(String event) {
    if (!event.equals("click")) {
      super.happened(event);
    }
    if (clicked != null) {
      clicked.call(this);
    }
  }

  @Override
  public String toString() {
    return "[" + description() + "]";
  }
}

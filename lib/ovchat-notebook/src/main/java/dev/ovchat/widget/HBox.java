package dev.ovchat.widget;

import java.util.List;

/** Widgets side by side; those that do not fit go to the next row. */
public final class HBox extends Box<HBox> {
  private HBox(List<? extends Widget> children) {
    super("HBox", children);
    layout().wraps(true);
  }

  /** Makes a box that holds these. */
  public static HBox of(Widget... children) {
    return new HBox(List.of(children));
  }

  @Override
  String separator() {
    boolean hasLines = children().stream().anyMatch(child -> child.toString().contains("\n"));
    return hasLines ? "\n" : "  ";
  }
}

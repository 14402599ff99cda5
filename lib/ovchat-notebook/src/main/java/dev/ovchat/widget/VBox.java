package dev.ovchat.widget;

import java.util.List;

/** Widgets one below the other. */
public final class VBox extends Box<VBox> {
  VBox(List<? extends Widget> children) {
    super("VBox", children);
  }

  /** Makes a box that holds these. */
  public static VBox of(Widget... children) {
    return new VBox(List.of(children));
  }
}

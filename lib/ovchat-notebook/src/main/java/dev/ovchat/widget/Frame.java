package dev.ovchat.widget;

import java.util.List;

/**
 * A widget as it is shown as a cell's value, with a line below it for what went wrong last in it or
 * in its parts.
 */
final class Frame {
  private final Label line = new Label("");
  private final VBox box;

  Frame(Widget content) {
    line.layout().visible(false);
    box = new VBox(List.of(content, line));
    content.setParent(null); // the way up ends where the frame is
  }

  VBox box() {
    return box;
  }

  /** Shows what went wrong; an empty sentence takes the former one back. */
  synchronized void say(String sentence) {
    line.value(sentence);
    line.layout().visible(!sentence.isEmpty());
  }
}

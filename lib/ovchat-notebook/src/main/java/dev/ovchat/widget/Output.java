package dev.ovchat.widget;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Place for what a cell shows: printed text, and values in several formats, of which the page takes
 * the best.
 */
public final class Output extends Widget {
  private final Layout layout = new Layout();

  /** Makes an empty place. */
  public Output() {
    super("@jupyter-widgets/output", "1.0.0", "Output");
    set("layout", layout);
    set("msg_id", "");
    set("outputs", List.of());
  }

  /** Place and size. */
  public Layout layout() {
    return layout;
  }

  /** Adds printed text. */
  public synchronized Output print(String text) {
    List<Object> outputs = outputs();
    if (!outputs.isEmpty()
        && outputs.get(outputs.size() - 1) instanceof Map<?, ?> last
        && last.get("text") instanceof String before) {
      outputs.remove(outputs.size() - 1);
      outputs.add(stream(before + text));
    } else {
      outputs.add(stream(text));
    }
    set("outputs", outputs);
    return this;
  }

  private static Map<String, Object> stream(String text) {
    return Map.of("output_type", "stream", "name", "stdout", "text", text);
  }

  /**
   * Shows a value in place of all that was there.
   *
   * @param data the value by MIME type: texts, and for JSON maps, lists and numbers
   * @param metadata display options by MIME type
   */
  public Output show(Map<String, ?> data, Map<String, ?> metadata) {
    set(
        "outputs",
        List.of(Map.of("output_type", "display_data", "data", data, "metadata", metadata)));
    return this;
  }

  /** Empties it. */
  public Output clear() {
    set("outputs", List.of());
    return this;
  }

  private List<Object> outputs() {
    return new ArrayList<>((List<?>) get("outputs"));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Object output : outputs()) {
      Map<?, ?> shown = (Map<?, ?>) output;
      Object plain =
          shown.get("data") instanceof Map<?, ?> data ? data.get("text/plain") : shown.get("text");
      text.append(plain == null ? "" : plain);
    }
    return text.toString();
  }
}

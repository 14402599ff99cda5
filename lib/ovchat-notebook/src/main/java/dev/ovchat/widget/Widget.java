package dev.ovchat.widget;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Object of which pages show a view. Both sides hold its state, by ipywidgets' names; each tells
 * the other what has changed.
 *
 * <p>Setters change the widget itself, in every page that shows it, and return it. They may be
 * called from any thread.
 */
public abstract class Widget {
  static final String BASE = "@jupyter-widgets/base";
  static final String CONTROLS = "@jupyter-widgets/controls";

  private final Map<String, Object> state = new LinkedHashMap<>();
  private Comm comm;
  private volatile Widget parent;
  private volatile Frame frame;

  /**
   * @param module JavaScript package of the page's half
   * @param name its name there, without the ending {@code Model} or {@code View}
   */
  Widget(String module, String version, String name) {
    state.put("_model_module", module);
    state.put("_model_module_version", version);
    state.put("_model_name", name + "Model");
    state.put("_view_module", module);
    state.put("_view_module_version", version);
    state.put("_view_name", name + "View");
  }

  /**
   * Text of the widget as it stands, for front ends that show no widgets: one line, or several for
   * a box.
   */
  @Override
  public abstract String toString();

  /**
   * Value that a page has sent, as it is to be kept.
   *
   * @param key its name
   * @throws IllegalArgumentException if the widget cannot have it; the message says what is allowed
   */
  Object accept(String key, Object value) {
    throw new IllegalArgumentException("A page cannot set " + key + " of a " + kind() + ".");
  }

  /** Follows up on a value that a page has set. */
  void changed(String key) {}

  /** Handles an event of the page that is not a value, such as a click. */
  void happened(String event) {
    throw new IllegalArgumentException("A " + kind() + " knows no event " + event + ".");
  }

  final String kind() {
    return getClass().getSimpleName();
  }

  final synchronized Object get(String key) {
    return state.get(key);
  }

  /** Sets a value here and in all pages. */
  final synchronized void set(String key, Object value) {
    if (!(state.containsKey(key) && Objects.equals(state.get(key), value))) {
      state.put(key, value);
      if (comm != null) {
        send("update", Collections.singletonMap(key, forPage(value)));
      }
    }
  }

  private void send(String method, Map<String, Object> values) {
    if (comm == null) {
      return; // it was closed meanwhile
    }
    comm.send(Json.text(Map.of("method", method, "state", values, "buffer_paths", List.of())));
  }

  /** Shows complaints about this widget where they can be read: below the whole that is shown. */
  final void complain(String sentence) {
    Widget top = this;
    while (top.parent != null) {
      top = top.parent;
    }
    Frame shown = top.frame;
    if (shown != null) {
      shown.say(sentence);
    } else if (!sentence.isEmpty()) {
      System.err.println(kind() + ": " + sentence);
    }
  }

  /** Makes the widget a part of another one. */
  final void setParent(Widget parent) {
    this.parent = parent;
  }

  /**
   * Opens the widget in the pages, framed by a line for complaints.
   *
   * @return the data of {@code application/vnd.jupyter.widget-view+json}; empty where no kernel is
   *     connected
   */
  public final Optional<Map<String, Object>> view() {
    synchronized (this) {
      if (frame == null) {
        frame = new Frame(this);
      }
    }
    return frame
        .box()
        .opened()
        .map(id -> Map.of("version_major", 2, "version_minor", 0, "model_id", id));
  }

  /**
   * Closes the widget and its parts: pages show them no longer, and do not find them again. Shown
   * again, it is opened anew.
   */
  public final void close() {
    Comm closing;
    Frame shown;
    List<Object> parts;
    synchronized (this) {
      closing = comm;
      comm = null;
      shown = frame;
      frame = null;
      parts = new ArrayList<>(state.values());
    }
    if (shown != null) {
      shown.box().close();
    }
    parts.forEach(Widget::closePart);
    if (closing != null) {
      Widgets.close(closing);
    }
  }

  private static void closePart(Object value) {
    if (value instanceof Widget widget) {
      widget.close();
    } else if (value instanceof List<?> list) {
      list.forEach(Widget::closePart);
    }
  }

  /** Name of the widget in the pages, in which it is opened if it was not yet. */
  final synchronized Optional<String> opened() {
    if (comm == null) {
      comm = Widgets.open(this, values(), this::received).orElse(null);
    }
    return Optional.ofNullable(comm).map(Comm::id);
  }

  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    state.forEach((key, value) -> values.put(key, forPage(value)));
    return values;
  }

  /** The state as a page asks for it that was loaded anew. */
  final synchronized Map<String, Object> model() {
    return Map.of(
        "model_name", state.get("_model_name"),
        "model_module", state.get("_model_module"),
        "model_module_version", state.get("_model_module_version"),
        "state", values());
  }

  /** Widgets are named, lists may hold some. */
  private static Object forPage(Object value) {
    if (value instanceof Widget widget) {
      return widget.opened().map(id -> "IPY_MODEL_" + id).orElseThrow();
    }
    return value instanceof List<?> list ? list.stream().map(Widget::forPage).toList() : value;
  }

  private void received(String data) {
    try {
      Map<String, Object> message = Json.object(data);
      switch (String.valueOf(message.get("method"))) {
        case "update" -> update(objectIn(message, "state"));
        case "custom" -> happened(String.valueOf(objectIn(message, "content").get("event")));
        case "request_state" -> sendState();
        default ->
            throw new IllegalArgumentException(
                "The page sent a message of a kind that widgets do not know: "
                    + message.get("method")
                    + ".");
      }
    } catch (RuntimeException e) {
      complain(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> objectIn(Map<String, Object> message, String name) {
    if (message.get(name) instanceof Map<?, ?> object) {
      return (Map<String, Object>) object;
    }
    throw new IllegalArgumentException("The page sent a message without an object " + name + ".");
  }

  private synchronized void sendState() {
    send("update", values());
  }

  private void update(Map<String, Object> sent) {
    List<String> refusals = new ArrayList<>();
    sent.forEach(
        (key, value) -> {
          try {
            keep(key, value);
            changed(key);
          } catch (IllegalArgumentException e) {
            putBack(key);
            refusals.add(e.getMessage());
          }
        });
    if (!refusals.isEmpty()) {
      throw new IllegalArgumentException(String.join(" ", refusals));
    }
  }

  /** Keeps a page's value, and tells the other pages. */
  private synchronized void keep(String key, Object value) {
    state.put(key, accept(key, value));
    echo(key);
  }

  private synchronized void putBack(String key) {
    if (state.containsKey(key)) {
      echo(key);
    }
  }

  /**
   * Answers a page's value with the one that is kept: the page waits for that before it listens to
   * others.
   */
  private void echo(String key) {
    send("echo_update", Collections.singletonMap(key, forPage(state.get(key))));
  }
}

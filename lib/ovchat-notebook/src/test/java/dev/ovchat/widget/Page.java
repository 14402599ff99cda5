package dev.ovchat.widget;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** A page as widgets see it: it notes what they send, and sends what a test wants. */
public final class Page implements Comms {
  private final Map<String, Consumer<String>> receivers = new LinkedHashMap<>();
  private final Map<String, Function<Comm, Consumer<String>>> targets = new LinkedHashMap<>();
  final Map<String, Map<String, Object>> opened = new LinkedHashMap<>();
  final List<Map<String, Object>> sent = new ArrayList<>();
  final List<String> closed = new ArrayList<>();
  private final Map<String, Runnable> whenEnabled = new ConcurrentHashMap<>();

  @Override
  public synchronized Comm open(
      String target, String data, Map<String, Object> metadata, Consumer<String> received) {
    String id = "comm" + receivers.size();
    receivers.put(id, received);
    Map<String, Object> message = new LinkedHashMap<>(Json.object(data));
    message.put("target", target);
    message.putAll(metadata);
    opened.put(id, message);
    return comm(id);
  }

  private Comm comm(String id) {
    return new Comm() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public void send(String data) {
        Map<String, Object> message = new LinkedHashMap<>(Json.object(data));
        message.put("to", id);
        synchronized (Page.this) {
          sent.add(message);
        }
        if (message.toString().contains("disabled=false")) {
          whenEnabled.getOrDefault(id, () -> {}).run();
        }
      }

      @Override
      public void close() {
        synchronized (Page.this) {
          closed.add(id);
        }
      }
    };
  }

  @Override
  public void accept(String target, Function<Comm, Consumer<String>> opened) {
    targets.put(target, opened);
  }

  /** Opens a channel as a page does, and sends a message by it. */
  void openAndSend(String target, String data) {
    targets.get(target).apply(comm("from the page")).accept(data);
  }

  /** Sends a message to a widget. */
  public void send(Widget widget, String data) {
    receivers.get(widget.opened().orElseThrow()).accept(data);
  }

  /** Sets a value of a widget, as a person does who moves it. */
  public void update(Widget widget, String key, Object value) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(key, value);
    send(widget, Json.text(Map.of("method", "update", "state", state)));
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> state(Widget widget) {
    return (Map<String, Object>) opened.get(widget.opened().orElseThrow()).get("state");
  }

  /** A value that a widget was opened with. */
  public Object opened(Widget widget, String key) {
    return state(widget).get(key);
  }

  /** All that was sent so far, oldest first. */
  public synchronized List<Map<String, Object>> sent() {
    return List.copyOf(sent);
  }

  /** What was sent to a widget, oldest first. */
  List<Map<String, Object>> sentTo(Widget widget) {
    return sentTo(widget.opened().orElseThrow());
  }

  synchronized List<Map<String, Object>> sentTo(String id) {
    return sent.stream().filter(message -> id.equals(message.get("to"))).toList();
  }

  /** Text of the line below a shown widget; empty where it is hidden. */
  public String complaint(Widget shown) {
    Object box = shown.view().orElseThrow().get("model_id");
    List<?> children = (List<?>) ((Map<?, ?>) opened.get(box).get("state")).get("children");
    String line = children.get(1).toString().replace("IPY_MODEL_", "");
    return sentTo(line).stream()
        .map(message -> (Map<?, ?>) message.get("state"))
        .filter(state -> state.containsKey("value"))
        .map(state -> state.get("value").toString())
        .reduce("", (before, after) -> after);
  }

  /** Clicks a button. */
  public void click(Widget button) {
    send(button, "{\"method\": \"custom\", \"content\": {\"event\": \"click\"}}");
  }

  /**
   * Does something as soon as the page hears that a button can be pressed, and no sooner goes on.
   */
  public void whenEnabled(Button button, Runnable action) {
    whenEnabled.put(button.opened().orElseThrow(), action);
  }

  /** Presses the enter key in a field. */
  public void submit(Widget field) {
    send(field, "{\"method\": \"custom\", \"content\": {\"event\": \"submit\"}}");
  }

  /** The widgets of a class within another one, in their order. */
  public static <W extends Widget> List<W> all(Widget root, Class<W> type) {
    List<W> found = new ArrayList<>();
    if (type.isInstance(root)) {
      found.add(type.cast(root));
    }
    if (root instanceof Box<?> box) {
      box.children().forEach(child -> found.addAll(all(child, type)));
    }
    return found;
  }

  /** The widget of a class with this description within another one. */
  public static <W extends DescribedWidget<?>> W named(
      Widget root, Class<W> type, String description) {
    return all(root, type).stream()
        .filter(widget -> widget.description().equals(description))
        .findFirst()
        .orElseThrow();
  }

  /** Whether a person could press it. */
  public static boolean isEnabled(Widget widget) {
    return Boolean.FALSE.equals(widget.get("disabled"));
  }
}

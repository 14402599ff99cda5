package dev.ovchat.widget;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The widgets that pages know, and the kernel through which they do. */
public final class Widgets {
  /** Version of the messages between page and kernel. */
  private static final String PROTOCOL = "2.1.0";

  private static final Map<String, Widget> OPEN = new ConcurrentHashMap<>();
  private static volatile Comms comms;

  private Widgets() {}

  /** Connects widgets to the kernel that runs the notebook. Until then they are shown as text. */
  public static void connect(Comms kernel) {
    kernel.accept("jupyter.widget.control", page -> data -> answer(page, data));
    comms = kernel;
  }

  /** Number of widgets that pages know. */
  public static int open() {
    return OPEN.size();
  }

  /**
   * Closes all widgets: pages forget them, and what their listeners hold can be freed. A notebook
   * that is run again begins with it, since a widget is kept as long as a page may show it.
   */
  public static void closeAll() {
    List.copyOf(OPEN.values()).forEach(Widget::close);
  }

  static void close(Comm comm) {
    OPEN.remove(comm.id());
    comm.close();
  }

  /** Opens a widget in all pages; empty where no kernel is connected. */
  static Optional<Comm> open(Widget widget, Map<String, Object> state, Consumer<String> received) {
    if (comms == null) {
      return Optional.empty();
    }
    Comm comm =
        comms.open(
            "jupyter.widget",
            Json.text(Map.of("state", state, "buffer_paths", List.of())),
            Map.of("version", PROTOCOL),
            received);
    OPEN.put(comm.id(), widget);
    return Optional.of(comm);
  }

  /** Answers a page that was loaded anew, which asks for everything at once. */
  private static void answer(Comm page, String request) {
    try {
      if ("request_states".equals(Json.object(request).get("method"))) {
        sendStates(page);
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
    }
  }

  private static void sendStates(Comm page) {
    Map<String, Object> states = new LinkedHashMap<>();
    OPEN.forEach((id, widget) -> states.put(id, widget.model()));
    page.send(
        Json.text(Map.of("method", "update_states", "states", states, "buffer_paths", List.of())));
  }
}

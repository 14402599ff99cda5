package dev.ovchat.live;

import dev.ovchat.chat.ChatMessage;
import dev.ovchat.widget.HTML;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A chat's messages, and the answer that is being written. Each message is a widget of its own:
 * while an answer grows it alone is sent to the page, however long the chat is.
 */
final class Transcript implements Consumer<String> {
  private static final long PAUSE_NANOS = 40_000_000; // between two updates of the page

  private final VBox messages = VBox.of();
  private final VBox window = VBox.of(messages);
  private StringBuilder answer = new StringBuilder();
  private long updated;

  Transcript() {
    messages.layout().keepsItsSize();
    window.layout().maxHeight("24em").showsItsEnd();
  }

  Widget widget() {
    return window;
  }

  /** The messages before a turn, which a question of the user begins. */
  static List<ChatMessage> beforeTurn(List<ChatMessage> messages, int turn) {
    int turns = 0;
    for (int index = 0; index < messages.size(); index++) {
      if (messages.get(index).role().equals("user") && turns++ == turn) {
        return messages.subList(0, index);
      }
    }
    return messages;
  }

  /** The messages before a turn, and its question. */
  static List<ChatMessage> upToTurn(List<ChatMessage> messages, int turn) {
    int question = beforeTurn(messages, turn).size();
    return messages.subList(0, Math.min(messages.size(), question + 1));
  }

  static List<ChatMessage> plus(List<ChatMessage> messages, ChatMessage message) {
    List<ChatMessage> longer = new ArrayList<>(messages);
    longer.add(message);
    return longer;
  }

  /**
   * Begins an answer.
   *
   * @param messages what stands above it
   */
  synchronized void begin(List<ChatMessage> messages) {
    answer = new StringBuilder();
    updated = System.nanoTime();
    show(plus(messages, ChatMessage.assistant("…")));
  }

  /** Adds a piece to the answer. */
  @Override
  public synchronized void accept(String piece) {
    answer.append(piece);
    if (System.nanoTime() - updated > PAUSE_NANOS) {
      updated = System.nanoTime();
      List<Widget> shown = messages.children();
      set((HTML) shown.get(shown.size() - 1), ChatMessage.assistant(answer.toString()));
    }
  }

  /** Shows the messages of a chat. Of those that are there already, only what differs is sent. */
  synchronized void show(List<ChatMessage> chat) {
    List<Widget> shown = new ArrayList<>(messages.children());
    for (int i = 0; i < chat.size(); i++) {
      if (i == shown.size()) {
        shown.add(lines(""));
      }
      set((HTML) shown.get(i), chat.get(i));
    }
    List<Widget> gone = shown.subList(chat.size(), shown.size());
    messages.children(shown.subList(0, chat.size()));
    gone.forEach(Widget::close);
  }

  private static void set(HTML shown, ChatMessage message) {
    shown.value(
        lines("<b>" + HTML.escape(message.role()) + "</b> ", message.content()),
        message.role() + ": " + message.content());
  }

  /** A text whose line ends and spaces are shown as they are, and which wraps at words. */
  static HTML lines(String text) {
    return new HTML(lines("", text), text);
  }

  /** Shows another text so. */
  static void set(HTML shown, String text) {
    shown.value(lines("", text), text);
  }

  private static String lines(String before, String text) {
    return "<div style=\"white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4; margin: 0.4em 0\">%s%s</div>"
        .formatted(before, HTML.escape(text));
  }
}

package dev.ovchat.chat;

import dev.ovchat.tool.ToolCall;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages with one call of a tool each, followed by its result: Llama 3's template refuses others.
 */
final class OneByOne {
  private OneByOne() {}

  static List<ChatMessage> of(List<ChatMessage> messages) {
    List<ChatMessage> each = new ArrayList<>();
    int index = 0;
    while (index < messages.size()) {
      ChatMessage message = messages.get(index++);
      List<ToolCall> calls = ChatPrompt.calls(message);
      if (calls.size() < 2) {
        each.add(message);
        continue;
      }
      for (int i = 0; i < calls.size(); i++) {
        ToolCall call = calls.get(i);
        each.add(i == 0 ? alone(message, call) : ChatMessage.toolCalls(call));
        if (index < messages.size() && messages.get(index).role().equals("tool")) {
          each.add(messages.get(index++));
        }
      }
    }
    return each;
  }

  /** The message with the first of its calls, and with its text. */
  private static ChatMessage alone(ChatMessage message, ToolCall call) {
    return message.with("tool_calls", ChatMessage.toolCalls(call).fields().get("tool_calls"));
  }
}

package dev.ovchat.chat;

import dev.ovchat.tool.ToolCall;
import dev.ovchat.tool.ToolResult;

/**
 * Is notified of what happens on the way to an answer, whose text goes to the receiver that was
 * given with the question.
 */
public interface ChatListener {
  /** Ignores everything. */
  ChatListener NONE = new ChatListener() {};

  /**
   * Receives a piece of what the model thinks, as soon as it is certain: from a {@link Chat} on a
   * thread of its own, from a {@link ChatSession} on the thread that generates.
   */
  default void thinking(String piece) {}

  /** Called before a tool is run, or handed to the caller. */
  default void toolCall(ToolCall call) {}

  /** Called when a tool has run. */
  default void toolResult(ToolResult result) {}
}

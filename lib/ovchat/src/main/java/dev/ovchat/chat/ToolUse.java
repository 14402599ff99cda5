package dev.ovchat.chat;

import dev.ovchat.tool.ToolCall;
import dev.ovchat.tool.ToolResult;
import java.util.List;
import java.util.Optional;

/**
 * The use of tools on the way to an answer.
 *
 * @param results the calls that were run, in their order, with their results
 * @param open the calls that the caller has to answer: {@code chat.add(ChatMessage.tool(call,
 *     result))} for each, and then {@code chat.answer(sink)}
 * @param problem what went wrong, as a sentence: a call that cannot be read, a limit that was
 *     reached, or a cancellation while a tool ran
 * @param cancelled true if it was cancelled while a tool ran
 */
public record ToolUse(
    List<ToolResult> results, List<ToolCall> open, Optional<String> problem, boolean cancelled) {

  /** Copies the lists. */
  public ToolUse {
    results = List.copyOf(results);
    open = List.copyOf(open);
  }
}

package dev.ovchat.chat;

import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.tool.ToolCall;
import java.util.List;
import java.util.Optional;

/**
 * Answer of a model to a list of messages.
 *
 * @param text the answer without special tokens, thinking and calls of tools, and without the stop
 *     string that ended it
 * @param thinking what the model thought before; empty if it did not
 * @param calls the calls of tools in their order, each with an id; empty if the answer was
 *     cancelled
 * @param problem what is wrong with a call that cannot be read, as a sentence; it is a part of the
 *     text
 * @param generation the token ids, the reason that it ended, and the metrics
 */
public record ChatCompletion(
    String text,
    String thinking,
    List<ToolCall> calls,
    Optional<String> problem,
    Generation generation) {

  /** Copies the list. */
  public ChatCompletion {
    calls = List.copyOf(calls);
  }

  /**
   * The reason that it ended; {@link FinishReason#LENGTH} also where the model's context is full.
   */
  public FinishReason finishReason() {
    return generation.finishReason();
  }

  /** The answer as a message, with its calls and what was thought. */
  public ChatMessage message() {
    ChatMessage message =
        calls.isEmpty()
            ? ChatMessage.assistant(text)
            : ChatMessage.toolCalls(calls.toArray(ToolCall[]::new))
                .with("content", text.isBlank() ? null : text.strip());
    return thinking.isEmpty() ? message : message.reasoning(thinking);
  }
}

package dev.ovchat.chat;

import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;

/**
 * Answer of the model in a chat.
 *
 * @param text the answer without special tokens, thinking and calls of tools, and without the stop
 *     string that ended it
 * @param thinking what the model thought before; empty if it did not
 * @param turn the index of the turn that it belongs to, from 0; where nothing was said, the chat
 *     did not keep it
 * @param turnsLeftOut the number of oldest turns that were not in the prompt, since the context was
 *     full
 * @param generation the token ids, the reason that it ended, and the metrics: of the last answer
 *     where results of tools came between several
 * @param tools the calls of tools, and their results
 */
public record Reply(
    String text,
    String thinking,
    int turn,
    int turnsLeftOut,
    Generation generation,
    ToolUse tools) {

  /**
   * The reason that it ended; {@link FinishReason#LENGTH} also where the model's context is full.
   */
  public FinishReason finishReason() {
    return tools.cancelled() ? FinishReason.CANCELLED : generation.finishReason();
  }
}

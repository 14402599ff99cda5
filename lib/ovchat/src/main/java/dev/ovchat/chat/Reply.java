package dev.ovchat.chat;

import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;

/**
 * Answer of the model in a chat.
 *
 * @param text the answer without special tokens, and without the stop string that ended it
 * @param turn the index of the turn that it belongs to, from 0; where nothing was said, the chat
 *     did not keep it
 * @param turnsLeftOut the number of oldest turns that were not in the prompt, since the context was
 *     full
 * @param generation the token ids, the reason that it ended, and the metrics
 */
public record Reply(String text, int turn, int turnsLeftOut, Generation generation) {

  /**
   * The reason that it ended; {@link FinishReason#LENGTH} also where the model's context is full.
   */
  public FinishReason finishReason() {
    return generation.finishReason();
  }
}

package dev.ovchat.chat;

import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;

/**
 * What the model said in a chat.
 *
 * @param text the answer without special tokens, and without the stop string that ended it
 * @param turn which turn it belongs to, from 0; where nothing was said, the chat did not keep it
 * @param turnsLeftOut how many of the oldest turns were not in the prompt, since the context was
 *     full
 * @param generation the ids, why it ended, and what it took
 */
public record Reply(String text, int turn, int turnsLeftOut, Generation generation) {

  /** Why it ended; {@link FinishReason#LENGTH} also where the model's context is full. */
  public FinishReason finishReason() {
    return generation.finishReason();
  }
}

package dev.ovchat.chat;

import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;

/**
 * Answer of a model to a list of messages.
 *
 * @param text the answer without special tokens, and without the stop string that ended it
 * @param generation the token ids, the reason that it ended, and the metrics
 */
public record ChatCompletion(String text, Generation generation) {

  /**
   * The reason that it ended; {@link FinishReason#LENGTH} also where the model's context is full.
   */
  public FinishReason finishReason() {
    return generation.finishReason();
  }
}

package dev.ovchat.cache;

import dev.ovchat.text.TokenIds;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Reads a prompt and an answer as the generation read them that wrote it: the prompt at once, and
 * then token by token. In less than full precision one pass over both rounds otherwise, and where
 * two tokens are nearly equally likely it finds another favourite than the answer has.
 */
public final class Rereading {
  private Rereading() {}

  /**
   * Reads all but the last token of the answer, from which nothing follows.
   *
   * @param prompt one token or more
   * @param cache an empty one
   * @param givesUp asked on the way
   * @param next gets the index of each token of the answer, when the cache has the logits that it
   *     was chosen from
   * @return whether it was read to the end
   */
  public static boolean of(
      TokenIds prompt,
      TokenIds answer,
      CachedSequence cache,
      BooleanSupplier givesUp,
      IntConsumer next) {
    int[] unread = prompt.toArray();
    for (int place = 0; place < answer.size(); place++) {
      if (givesUp.getAsBoolean() || !cache.read(unread, 1, givesUp)) {
        return false;
      }
      next.accept(place);
      unread = new int[] {answer.get(place)};
    }
    return true;
  }
}

package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.text.TokenIds;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Reads a prompt and a completion as the generation that wrote it read them: the prompt at once,
 * and then token by token. In less than full precision one pass over both rounds differently, and
 * where two tokens are nearly equally probable its most probable token may not be the completion's.
 */
final class Rereading {
  private Rereading() {}

  /**
   * Reads all but the last token of the completion, from which nothing follows.
   *
   * @param prompt one token or more
   * @param cache an empty cache
   * @param isCancelled asked on the way
   * @param next receives the index of each token of the completion, when the cache has the logits
   *     that it was chosen from
   * @return whether it was read to the end
   */
  static boolean of(
      TokenIds prompt,
      TokenIds completion,
      CachedSequence cache,
      BooleanSupplier isCancelled,
      IntConsumer next) {
    int[] unread = prompt.toArray();
    for (int index = 0; index < completion.size(); index++) {
      if (isCancelled.getAsBoolean() || !cache.read(unread, 1, isCancelled)) {
        return false;
      }
      next.accept(index);
      unread = new int[] {completion.get(index)};
    }
    return true;
  }
}

package dev.ovchat.generate;

import java.util.Arrays;
import java.util.List;

/**
 * The loop at the heart of it: read the prompt, choose a token, read that token, choose the next
 * one, until an end token comes or the answer is long enough. For one generation.
 *
 * <p>Where a drafter guesses what follows, the guess is read together with the last token. As long
 * as the model chooses the tokens that were guessed, each of them saves a step; the others are
 * taken back.
 */
final class GenerationLoop {
  private final CachedSequence cache;
  private final GrowingAnswer answer;
  private final Drafter drafter;
  private final Cancellation cancellation;
  private boolean started;

  GenerationLoop(
      CachedSequence cache, GrowingAnswer answer, Drafter drafter, Cancellation cancellation) {
    this.cache = cache;
    this.answer = answer;
    this.drafter = drafter;
    this.cancellation = cancellation;
  }

  /** Goes on to the end. */
  Generation run() {
    while (advance()) {}
    return generation();
  }

  /**
   * Goes on by one step, which gives one token, or several with drafts.
   *
   * @return whether there is more to come
   */
  boolean advance() {
    if (answer.isOver()) {
      return false;
    }
    if (!started) {
      started = true;
      readPrompt();
    } else if (cancellation.isAskedFor()) {
      answer.cancel();
    } else {
      readNext();
    }
    return !answer.isOver();
  }

  /** Ends the answer, if it is not over. */
  void cancel() {
    if (!answer.isOver()) {
      answer.cancel();
    }
  }

  /** What there is when the answer is over. */
  Generation generation() {
    return GrowingAnswer.generation(List.of(answer));
  }

  private void readPrompt() {
    answer.start();
    int[] prompt = answer.prompt().toArray();
    int cached = cache.keepPrefixOf(prompt);
    int[] rest = Arrays.copyOfRange(prompt, cached, prompt.length);
    if (cache.read(rest, 1, cancellation::isAskedFor)) {
      answer.promptRead(cached);
      answer.take(cache.logits(0));
    } else {
      answer.cancel();
    }
  }

  private void readNext() {
    TokenSequence tokens = answer.tokens();
    int[] draft = drafter.draft(tokens, Math.min(tokens.room(), cache.room()) - 1);
    int[] read = new int[1 + draft.length];
    read[0] = tokens.last();
    System.arraycopy(draft, 0, read, 1, draft.length);
    cache.read(read, read.length);

    int agreed = 0;
    answer.take(cache.logits(0));
    while (agreed < draft.length && tokens.last() == draft[agreed] && !answer.isOver()) {
      agreed++;
      answer.take(cache.logits(agreed));
    }
    cache.rollBack(draft.length - agreed);
    if (draft.length > 0) {
      answer.drafted(draft.length, agreed);
      drafter.verified(draft.length, agreed);
    }
  }
}

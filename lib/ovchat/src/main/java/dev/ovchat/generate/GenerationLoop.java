package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.sampling.TokenSequence;
import java.util.Arrays;
import java.util.List;

/**
 * The generation loop: read the prompt, choose a token, read that token, choose the next one, until
 * an end token comes or the completion is long enough. For one generation.
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
  private volatile boolean cancelled;
  private boolean started;
  private int renewals;

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
    return cache.alone(
        () -> {
          if (!answer.isOver()) {
            try {
              step();
            } catch (RuntimeException | Error e) {
              answer.fail(e);
              throw e;
            }
          }
          return !answer.isOver();
        });
  }

  private void step() {
    if (!started) {
      started = true;
      answer.start();
    }
    if (isStopped()) {
      answer.cancel();
    } else if (answer.tokens().answerSize() == 0) {
      readPrompt();
    } else {
      readNext();
    }
  }

  /**
   * Returns whether the generation is stopped: by the user, by the owner of this loop, or since the
   * cache is being closed.
   */
  private boolean isStopped() {
    return cancellation.isAskedFor() || cancelled || cache.isClosed();
  }

  /** Ends the completion as cancelled, if it is not over. */
  void cancel() {
    cancelled = true; // stops the step that another thread may be at
    cache.alone(
        () -> {
          if (!answer.isOver()) {
            answer.cancel();
          }
          return answer.isOver();
        });
  }

  /** The generation, once the completion is over. */
  Generation generation() {
    return GrowingAnswer.generation(List.of(answer));
  }

  private void readPrompt() {
    int[] prompt = answer.prompt().toArray();
    int cached = cache.keepPrefixOf(prompt);
    int[] rest = Arrays.copyOfRange(prompt, cached, prompt.length);
    if (cache.read(rest, 1, this::isStopped)) {
      renewals = cache.renewals();
      answer.promptRead(cached);
      answer.take(cache.logits(0));
    } else {
      answer.cancel();
    }
  }

  private void readNext() {
    TokenSequence tokens = answer.tokens();
    int[] draft = answer.checked(drafter, mostDrafted());
    if (answer.isOver()) { // the drafter has used this session itself
      return;
    }
    int[] read = new int[1 + draft.length];
    read[0] = tokens.last();
    System.arraycopy(draft, 0, read, 1, draft.length);
    if (!cache.read(read, read.length, this::isStopped)) {
      answer.cancel();
      return;
    }
    int agreed = 0;
    boolean goesOn = answer.take(cache.logits(0));
    while (goesOn && agreed < draft.length && tokens.last() == draft[agreed] && !answer.isOver()) {
      agreed++;
      goesOn = answer.take(cache.logits(agreed));
    }
    if (!goesOn) { // the cache holds another sequence by now
      return;
    }
    cache.rollBack(draft.length - agreed);
    if (draft.length > 0) {
      answer.drafted(draft.length, agreed);
      drafter.verified(draft.length, agreed);
    }
  }

  /**
   * The maximum size of a draft. Once drafts have filled the window it is 0, since each further one
   * would have the sequence read again.
   */
  private int mostDrafted() {
    boolean windowWasFull = cache.renewals() > renewals;
    int room = Math.min(answer.tokens().room(), cache.room()) - 1;
    return windowWasFull ? 0 : Math.max(0, room);
  }
}

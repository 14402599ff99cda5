package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.TokenSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The generation loop: read the prompt, choose a token, read that token, choose the next one, until
 * an end token comes or the completion is long enough. For one generation.
 *
 * <p>Where a drafter guesses what follows, the guess is read together with the last token. As long
 * as the model chooses the tokens that were guessed, each of them saves a step; the others are
 * taken back. Tokens that a response format forces are such a guess, and always right.
 */
final class GenerationLoop implements TextStream.Source {
  private static final int[] NO_DRAFT = {};

  private final CachedSequence cache;
  private final DecodingState state;
  private final Optional<Drafter> drafter;
  private final Optional<Cancellation> cancellation;
  private volatile boolean cancelled;
  private boolean started;
  private int resets;

  GenerationLoop(CachedSequence cache, DecodingState state) {
    this.cache = cache;
    this.state = state;
    this.drafter = state.request().drafter();
    this.cancellation = state.request().cancellation();
  }

  /** Goes on to the end. */
  Generation run() {
    while (advance()) {}
    return generation();
  }

  /** {@inheritDoc} It gives one token, or several with drafts. */
  @Override
  public boolean advance() {
    return cache.alone(
        () -> {
          if (!state.isOver()) {
            try {
              step();
            } catch (RuntimeException | Error e) {
              state.fail(e);
              throw e;
            }
          }
          return !state.isOver();
        });
  }

  private void step() {
    if (!started) {
      started = true;
      state.start();
    }
    if (isCancelled()) {
      state.cancel();
    } else if (state.tokens().completionSize() == 0) {
      readPrompt();
    } else {
      readNext();
    }
  }

  /**
   * Returns whether the generation is cancelled: by the user, by the owner of this loop, or since
   * the cache is being closed.
   */
  private boolean isCancelled() {
    return isRequested() || cancelled || cache.isClosed();
  }

  /** A notebook's stop button interrupts this thread; the interrupt ends here. */
  private boolean isRequested() {
    return cancellation.isPresent() ? cancellation.get().isRequested() : Thread.interrupted();
  }

  @Override
  public void cancel() {
    cancelled = true; // stops the step that another thread may be at
    cache.alone(
        () -> {
          if (!state.isOver()) {
            state.cancel();
          }
          return state.isOver();
        });
  }

  @Override
  public Generation generation() {
    return DecodingState.generation(List.of(state));
  }

  private void readPrompt() {
    int[] prompt = state.tokens().prompt().toArray();
    int cached = cache.keepPrefixOf(prompt);
    int[] rest = Arrays.copyOfRange(prompt, cached, prompt.length);
    if (cache.read(rest, 1, this::isCancelled)) {
      resets = cache.resets();
      state.promptRead(cached);
      state.take(cache.logits(0));
    } else {
      state.cancel();
    }
  }

  private void readNext() {
    TokenSequence tokens = state.tokens();
    int[] forced = state.forced(mostDrafted());
    int[] draft = forced.length > 0 ? forced : draft();
    if (state.isOver()) { // the drafter has used this session itself
      return;
    }
    int[] read = new int[1 + draft.length];
    read[0] = tokens.last();
    System.arraycopy(draft, 0, read, 1, draft.length);
    if (!cache.read(read, read.length, this::isCancelled)) {
      state.cancel();
      return;
    }
    int agreed = 0;
    boolean goesOn = state.take(cache.logits(0));
    while (goesOn && agreed < draft.length && tokens.last() == draft[agreed] && !state.isOver()) {
      agreed++;
      goesOn = state.take(cache.logits(agreed));
    }
    if (!goesOn) { // the cache holds another sequence by now
      return;
    }
    int accepted = agreed;
    cache.rollBack(draft.length - accepted);
    if (forced.length == 0 && draft.length > 0) {
      state.drafted(draft.length, accepted);
      drafter.ifPresent(guessing -> guessing.verified(draft.length, accepted));
    }
  }

  /**
   * The drafter's guess, checked; empty without a drafter.
   *
   * @throws GenerationException if it has more tokens than allowed, or an id outside the vocabulary
   */
  private int[] draft() {
    if (drafter.isEmpty()) {
      return NO_DRAFT;
    }
    int most = mostDrafted();
    int[] draft = drafter.get().draft(state.tokens(), most);
    state.request().requireDraft(draft, most);
    return state.allowed(draft);
  }

  /**
   * The maximum size of a draft. Once drafts have filled the window it is 0, since each further one
   * would have the sequence read again.
   */
  private int mostDrafted() {
    boolean windowWasFull = cache.resets() > resets;
    int room = Math.min(state.tokens().room(), cache.room()) - 1;
    return windowWasFull ? 0 : Math.max(0, room);
  }
}

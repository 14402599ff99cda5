package dev.ovchat.generate;

import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.sampling.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hooks of a program into a generation, beside the values of its config: a listener for the tokens,
 * a way to stop, the program's own rules for the choice of a token, and its own drafts.
 *
 * <pre>{@code
 * LogitsProcessor noDigits = (tokens, logits) -> digits.forEach(id -> logits[id] = LogitsProcessor.RULED_OUT);
 * model.generate(ids, config, GenerationHooks.none().listener(streamer).logitsProcessor(noDigits));
 * }</pre>
 *
 * <p>Immutable: each method returns a copy. Each hook is called on the thread that generates; one
 * that is given to generations on several threads is called by all of them. A listener or rule that
 * uses the very session it is called from ends the completion as cancelled.
 */
public final class GenerationHooks {
  private static final GenerationHooks NONE =
      new GenerationHooks(
          Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  private final Optional<GenerationListener> listener;
  private final Optional<Cancellation> cancellation;
  private final List<LogitsProcessor> logitsProcessors;
  private final Optional<Sampler> sampler;
  private final Optional<Drafter> drafter;

  private GenerationHooks(
      Optional<GenerationListener> listener,
      Optional<Cancellation> cancellation,
      List<LogitsProcessor> logitsProcessors,
      Optional<Sampler> sampler,
      Optional<Drafter> drafter) {
    this.listener = listener;
    this.cancellation = cancellation;
    this.logitsProcessors = logitsProcessors;
    this.sampler = sampler;
    this.drafter = drafter;
  }

  /** No hooks. */
  public static GenerationHooks none() {
    return NONE;
  }

  /**
   * A copy with a listener, such as a {@link TextStreamer}: it is notified of each token of the
   * completion; where there are several, of the first prompt's first one.
   */
  public GenerationHooks listener(GenerationListener listener) {
    return withListener(Optional.of(listener).filter(own -> own != GenerationListener.NONE));
  }

  /** A copy without a listener, for the completions that it is not notified of. */
  GenerationHooks withoutListener() {
    return withListener(Optional.empty());
  }

  private GenerationHooks withListener(Optional<GenerationListener> listener) {
    return new GenerationHooks(listener, cancellation, logitsProcessors, sampler, drafter);
  }

  /** A copy with a way to stop the generation from outside. */
  public GenerationHooks cancellation(Cancellation cancellation) {
    return new GenerationHooks(
        listener, Optional.of(cancellation), logitsProcessors, sampler, drafter);
  }

  /**
   * A copy with one more rule for the logits. As in transformers, custom rules come in their order,
   * after the penalties and bans of the config, and before its temperature, top-k and top-p.
   *
   * @param processor the rule, called for every token of every completion, with beams for every
   *     beam: it has to work from the tokens that it is given, and not from those that it was given
   *     before
   */
  public GenerationHooks logitsProcessor(LogitsProcessor processor) {
    List<LogitsProcessor> longer = new ArrayList<>(logitsProcessors);
    longer.add(processor);
    return new GenerationHooks(listener, cancellation, List.copyOf(longer), sampler, drafter);
  }

  /**
   * A copy with a custom sampler, which chooses a token from the processed logits, in place of the
   * most probable token or a sampled one. The config's temperature, top-k and top-p come before it
   * where {@code doSample(true)} is set, as several completions of a prompt need it; its seed is
   * not used. Beams do not allow it: they choose several tokens at a time.
   */
  public GenerationHooks sampler(Sampler sampler) {
    return new GenerationHooks(
        listener, cancellation, logitsProcessors, Optional.of(sampler), drafter);
  }

  /**
   * A copy with a custom drafter, which guesses how the completion goes on, in place of the
   * config's prompt lookup. It has no effect with beams or several completions at once.
   */
  public GenerationHooks drafter(Drafter drafter) {
    return new GenerationHooks(
        listener, cancellation, logitsProcessors, sampler, Optional.of(drafter));
  }

  Optional<GenerationListener> listener() {
    return listener;
  }

  Optional<Cancellation> cancellation() {
    return cancellation;
  }

  List<LogitsProcessor> logitsProcessors() {
    return logitsProcessors;
  }

  Optional<Sampler> sampler() {
    return sampler;
  }

  Optional<Drafter> drafter() {
    return drafter;
  }
}

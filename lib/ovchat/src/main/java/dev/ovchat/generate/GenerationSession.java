package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Generates one completion after the other over one KV cache: what a prompt has in common with the
 * beginning of the sequence before it is not read again. That is how the turns of a chat go on, and
 * how many prompts share a long beginning.
 *
 * <pre>{@code
 * try (GenerationSession session = model.newSession()) {
 *   session.generate(instructions.plus(first), config);
 *   session.generate(instructions.plus(second), config);  // reads only the second
 * }
 * }</pre>
 *
 * <p>The completions are those of {@link CausalLM#generate} (the same tokens in full precision;
 * rounding may decide near-ties differently). For one generation at a time; calls from several
 * threads wait for each other, but for {@link #close()}. A session goes on when its model is
 * closed, and holds the model's memory until it is closed too.
 */
public final class GenerationSession implements AutoCloseable {
  private final CausalLM model;
  private final CachedSequence cache;
  private Optional<GenerationLoop> current = Optional.empty();

  GenerationSession(CausalLM model) {
    this.model = model;
    this.cache = model.newCache();
  }

  /** Same as {@link CausalLM#generate(TokenIds, GenerationConfig)}. */
  public Generation generate(TokenIds prompt, GenerationConfig config) {
    return generate(prompt, config, GenerationHooks.none());
  }

  /**
   * Same as {@link CausalLM#generate(TokenIds, GenerationConfig, GenerationHooks)}, for one
   * completion.
   *
   * @throws GenerationException as there, and if the config asks for beams or several completions
   */
  public Generation generate(TokenIds prompt, GenerationConfig config, GenerationHooks hooks) {
    return cache.alone(() -> loop(prompt, config, hooks).run());
  }

  /**
   * Generates as {@link #generate(TokenIds, GenerationConfig)} does, and records how each token was
   * chosen.
   *
   * @param candidates the number of most probable tokens to record at each step, 1 to the
   *     vocabulary's size
   * @throws GenerationException as there, and if there cannot be as many candidates
   */
  public Explanation explain(TokenIds prompt, GenerationConfig config, int candidates) {
    StepRecorder.requireCandidates(model, candidates);
    var recorder = new StepRecorder(model.tokenizer(), candidates);
    return cache.alone(
        () ->
            new Explanation(
                loop(prompt, config, GenerationHooks.none(), Optional.of(recorder)).run(),
                recorder.steps()));
  }

  /**
   * Streams the completion as pieces of text, each generated on demand. The next generation on this
   * session ends it, as cancelled.
   *
   * @throws GenerationException as above
   */
  public TextStream stream(TokenIds prompt, GenerationConfig config) {
    return stream(prompt, config, () -> {});
  }

  TextStream stream(TokenIds prompt, GenerationConfig config, Runnable onClose) {
    return cache.alone(
        () -> {
          cache.requireOpen();
          Runnable release = model.tokenizer().keepOpen(); // the stream may outlive this session
          try {
            return new TextStream(
                listener -> loop(prompt, config, GenerationHooks.none().listener(listener)),
                () -> {
                  release.run();
                  onClose.run();
                });
          } catch (RuntimeException | Error e) {
            release.run();
            throw e;
          }
        });
  }

  /**
   * The maximum length of a prompt in tokens that leaves the completion the room that a config asks
   * for, or half of the model's context.
   */
  public int longestPrompt(GenerationConfig config) {
    return GenerationRequest.longestPrompt(
        model.filled(config), model.config().maxPositionEmbeddings());
  }

  /**
   * Refuses work for a generation that cannot come.
   *
   * @throws IllegalStateException if this is closed
   */
  public void requireOpen() {
    cache.requireOpen();
  }

  /** Runs work that no generation on this session may interleave with. */
  public <T> T alone(Supplier<T> work) {
    return cache.alone(work);
  }

  private GenerationLoop loop(TokenIds prompt, GenerationConfig config, GenerationHooks hooks) {
    return loop(prompt, config, hooks, Optional.empty());
  }

  private GenerationLoop loop(
      TokenIds prompt,
      GenerationConfig config,
      GenerationHooks hooks,
      Optional<StepRecorder> recorder) {
    cache.requireOpen();
    GenerationRequest request = model.request(prompt, config, hooks);
    request.requireOneCompletion();
    current.ifPresent(GenerationLoop::cancel);
    var state = new DecodingState(model, request, 0);
    recorder.ifPresent(state::choiceListener);
    var loop = new GenerationLoop(cache, state);
    current = Optional.of(loop);
    return loop;
  }

  /**
   * Frees the cache. A completion that is being generated ends within a token, as cancelled, and
   * the cache is freed after it; this does not wait for that.
   */
  @Override
  public void close() {
    cache.close();
  }
}

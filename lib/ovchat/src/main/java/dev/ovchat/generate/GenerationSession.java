package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
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
 * closed, and holds the model's memory until it is closed too; but for stop strings it needs the
 * model open.
 */
public final class GenerationSession implements AutoCloseable {
  private final LoadedModel model;
  private final CachedSequence cache;
  private Optional<GenerationLoop> current = Optional.empty();

  GenerationSession(LoadedModel model) {
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
    return cache.alone(
        () -> {
          cache.requireOpen();
          GenerationRequest request = model.request(prompt, config);
          try (var lease = model.ownTokenizer().leaseFor(request.config())) {
            return loop(request, lease.tokenizer(), hooks).run();
          }
        });
  }

  /**
   * Streams the completion as pieces of text, each generated on demand. The next generation on this
   * session ends it, as cancelled.
   *
   * @param tokenizer the model's tokenizer
   * @throws GenerationException as above
   */
  public TextStream stream(TokenIds prompt, GenerationConfig config, Tokenizer tokenizer) {
    return stream(prompt, config, tokenizer, () -> {});
  }

  TextStream stream(
      TokenIds prompt, GenerationConfig config, Tokenizer tokenizer, Runnable onClose) {
    return cache.alone(
        () -> {
          cache.requireOpen();
          GenerationRequest request = model.request(prompt, config);
          return new TextStream(
              tokenizer,
              listener ->
                  loop(request, Optional.of(tokenizer), GenerationHooks.none().listener(listener)),
              onClose);
        });
  }

  /** Runs work that no generation on this session may interleave with. */
  public <T> T alone(Supplier<T> work) {
    return cache.alone(work);
  }

  private GenerationLoop loop(
      GenerationRequest request, Optional<Tokenizer> tokenizer, GenerationHooks hooks) {
    request.requireOneAnswer();
    current.ifPresent(GenerationLoop::cancel);
    var stopwatch = new Stopwatch(model.loadMillis());
    var answer = new GrowingAnswer(request, 0, tokenizer, hooks, stopwatch);
    var loop = new GenerationLoop(cache, answer, request.drafter(hooks), hooks.cancellation());
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

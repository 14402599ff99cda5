package dev.ovchat.generate;

import dev.ovchat.cache.CacheTraits;
import dev.ovchat.cache.CachedSequence;
import dev.ovchat.cache.CausalSession;
import dev.ovchat.cache.PagedCache;
import dev.ovchat.cache.PagedTwin;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.grammar.FormatRule;
import dev.ovchat.grammar.Grammars;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.system.SystemMemory;
import dev.ovchat.text.PendingTokenizer;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A causal language model on OpenVINO: the Java side of optimum-intel's OVModelForCausalLM.
 *
 * <pre>{@code
 * try (var model = CausalLM.load(modelDir, Device.of("CPU"), Map.of("PERFORMANCE_HINT", "LATENCY"))) {
 *   Generation output = model.generate(ids, GenerationConfig.defaults().maxNewTokens(1024));
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads: each generation has a cache of its own. No code of the model
 * directory is ever run.
 */
public final class CausalLM implements AutoCloseable {
  /** Fewer take other kernels than a prompt's. */
  private static final int WARM_UP_TOKENS = 8;

  private final CompiledModel compiled;
  private final ModelConfig config;
  private final GenerationConfig generationConfig;
  private final Tokenizer tokenizer;

  /** Response formats that were used last. */
  private final Grammars grammars;

  /** Ends the model's use of its tokenizer, which whoever it is shown to may close. */
  private final Runnable releaseTokenizer;

  private final long cacheNumbersPerToken;
  private final CacheTraits traits;

  /** Positions of a row of the cache up to which masked ones do no harm. */
  private final int mostCachePositions;

  private final double loadMillis;

  /** The same model with paged attention; empty where {@link #compiled} has it itself. */
  private final Optional<PagedTwin> pagedTwin;

  private CausalLM(
      CompiledModel compiled,
      ModelConfig config,
      GenerationConfig generationConfig,
      Tokenizer tokenizer,
      long cacheNumbersPerToken,
      CacheTraits traits,
      Optional<PagedTwin> pagedTwin,
      double loadMillis) {
    this.compiled = compiled;
    this.config = config;
    this.generationConfig = generationConfig;
    this.tokenizer = tokenizer;
    this.grammars = new Grammars(tokenizer, config.vocabSize());
    this.releaseTokenizer = tokenizer.keepOpen();
    this.cacheNumbersPerToken = cacheNumbersPerToken;
    this.traits = traits;
    this.mostCachePositions = traits.mostPositions(config, compiled.isPaged());
    this.pagedTwin = pagedTwin;
    this.loadMillis = loadMillis;
  }

  /**
   * Loads and compiles the model of a directory.
   *
   * @param modelDirectory a directory that {@code optimum-cli export openvino} wrote
   * @param ovConfig OpenVINO's own property keys and values, any number of them
   * @throws dev.ovchat.files.UnusableFileException if the directory is not complete, a file in it
   *     is broken or of another model, or Java's memory is not enough for it
   * @throws dev.ovchat.text.TokenizerException if the tokenizer is not usable, or the thread is
   *     interrupted
   * @throws dev.ovchat.openvino.OpenVinoException if OpenVINO refuses the model, device or config
   * @throws GenerationException if the model is not one for text generation, its generation config
   *     has a value out of range, or the device spreads the tokens of a completion over several
   *     devices
   */
  public static CausalLM load(Path modelDirectory, Device device, Map<String, String> ovConfig) {
    return load(modelDirectory, device, ovConfig, CacheLayout.CONTIGUOUS);
  }

  /**
   * Same as above, with the layout of the KV cache.
   *
   * @throws dev.ovchat.openvino.OpenVinoException as above, and if the device does not allow that
   *     layout
   * @throws GenerationException as above, and if the model does not allow it: its attention takes
   *     no position_ids, or is more than keys, values and a window
   */
  public static CausalLM load(
      Path modelDirectory, Device device, Map<String, String> ovConfig, CacheLayout layout) {
    requireOneDevice(device, ovConfig);
    try {
      return loaded(modelDirectory, device, ovConfig, layout);
    } catch (OutOfMemoryError e) {
      throw new UnusableFileException(
          "Java has no memory left to load %s: %s. Give it more, for instance by JDK_JAVA_OPTIONS=-Xmx1g."
              .formatted(modelDirectory, e.getMessage()),
          e);
    }
  }

  private static CausalLM loaded(
      Path modelDirectory, Device device, Map<String, String> ovConfig, CacheLayout layout) {
    long start = System.nanoTime();
    ModelDirectory directory = ModelDirectory.open(modelDirectory);
    ModelConfig config = directory.config();
    GenerationConfig generationConfig = GenerationConfig.of(directory);
    try (var tokenizer = PendingTokenizer.of(directory, config.vocabSize())) {
      IrModel graph = graph(directory, tokenizer);
      boolean paged = layout == CacheLayout.PAGED;
      Optional<CacheTraits> pagedTraits =
          paged ? Optional.of(CacheTraits.ofPaged(graph)) : Optional.empty();
      String text = paged ? graph.withPagedLogitPositions() : graph.withLogitPositions();
      tokenizer.awaitFile(); // a fault in it is told before what takes long
      CompiledModel compiled =
          paged
              ? CompiledModel.compilePaged(graph.file(), text, device, ovConfig)
              : CompiledModel.compile(graph.file(), text, device, ovConfig);
      try {
        CacheTraits traits =
            pagedTraits.orElseGet(() -> CacheTraits.of(graph, compiled.inputNames()));
        warmUp(compiled);
        return new CausalLM(
            compiled,
            config,
            generationConfig,
            tokenizer.await(),
            graph.cacheNumbersPerToken(),
            traits,
            paged ? Optional.empty() : Optional.of(new PagedTwin(graph, device, ovConfig)),
            (System.nanoTime() - start) / 1e6);
      } catch (RuntimeException | Error e) {
        compiled.close();
        throw e;
      }
    }
  }

  /** Reads the graph. Where the tokenizer has a fault, too, that is the one that is told. */
  private static IrModel graph(ModelDirectory directory, PendingTokenizer tokenizer) {
    try {
      return directory.graph();
    } catch (UnusableFileException e) {
      tokenizer.awaitFile();
      throw e;
    }
  }

  /**
   * Begins to read a few tokens, and waits for it for 20 ms at most: at its first inference of
   * several tokens OpenVINO makes its kernels, and the caller has not made a prompt yet.
   */
  private static void warmUp(CompiledModel compiled) {
    try (CausalSession session = CausalSession.of(compiled, 1)) {
      boolean unused = session.read(new int[][] {new int[WARM_UP_TOKENS]}, 1, () -> true);
    }
  }

  private static void requireOneDevice(Device device, Map<String, String> ovConfig) {
    if (device.spreadsInferences(ovConfig)) {
      // Tried with two CPUs: the tokens of one completion went to two caches, and the completions
      // were wrong.
      throw new GenerationException(
          """
          %s spreads inferences over several devices, but the tokens of one answer have to go to the \
          same one, which keeps their cache. Name a single device, or use AUTO or HETERO.\
          """
              .formatted(device));
    }
  }

  /** The shape of the model, from its {@code config.json}. */
  public ModelConfig config() {
    return config;
  }

  /** The device that the model was compiled for. */
  public Device device() {
    return compiled.device();
  }

  /** The layout of its KV cache, but for that of many prompts at once. */
  public CacheLayout cacheLayout() {
    return pagedTwin.isEmpty() ? CacheLayout.PAGED : CacheLayout.CONTIGUOUS;
  }

  /** OpenVINO's properties with the values in force, by key. */
  public Map<String, String> effectiveConfig() {
    return compiled.effectiveConfig();
  }

  /**
   * The model's own generation config: its {@code generation_config.json}, with the end tokens of
   * {@code config.json} where that names none.
   */
  public GenerationConfig generationConfig() {
    return generationConfig;
  }

  /**
   * The model's tokenizer, which was read with it from the same directory and is closed with it.
   */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The ids of the end tokens, by {@link #generationConfig()}. */
  public List<Integer> eosTokenIds() {
    return generationConfig.eosTokenIds().orElse(List.of());
  }

  /** Generates the completion of a prompt. */
  public Generation generate(TokenIds prompt, GenerationConfig config) {
    return generate(request(prompt, config));
  }

  /**
   * Generates the completion of a prompt with the caller's hooks: a listener, a way to stop, rules
   * for the choice of tokens. With beams the listener is notified of the best completion's tokens,
   * all at the end, when that is known.
   *
   * @param config the settings; values that are not set are those of {@link #generationConfig()}
   * @throws GenerationException if the prompt is empty, holds an id outside the vocabulary, or
   *     leaves no room in the model's context; if the config asks for something unsupported; or if
   *     no token can be chosen
   * @throws dev.ovchat.grammar.GrammarException if the response format is refused, before a token
   *     is generated
   * @throws IllegalStateException if the model is closed
   */
  public Generation generate(TokenIds prompt, GenerationConfig config, GenerationHooks hooks) {
    return generate(request(prompt, config, hooks));
  }

  private Generation generate(GenerationRequest request) {
    if (request.asksForSeveral()) {
      return SeveralCompletions.generate(this, List.of(request)).get(0);
    }
    try (CachedSequence cache = newCache()) {
      return new GenerationLoop(cache, new DecodingState(this, request, 0)).run();
    }
  }

  /**
   * Generates the completions of many prompts at once, which takes less time than one by one. Each
   * prompt gets the completion that it would get alone (the same tokens in full precision; rounding
   * may decide near-ties differently). With beams there is one search after the other, which takes
   * as long as one by one: the beams of a prompt are a batch already.
   *
   * <p>From {@value SeveralCompletions#LEAST_FOR_PAGES} prompts on, this takes a cache of {@link
   * CacheLayout#PAGED} on the devices that have it. The first such call compiles the model once
   * more for it, which takes memory for its weights; where that is not free, or paged attention is
   * not to be had, the rows of the prompts are padded to one length.
   *
   * @return a generation for each prompt, in their order
   * @throws GenerationException as above
   * @throws IllegalStateException as above
   */
  public List<Generation> batchGenerate(List<TokenIds> prompts, GenerationConfig config) {
    return batchGenerate(prompts, config, GenerationHooks.none());
  }

  /**
   * Same as above with the caller's hooks; a listener is notified of the first prompt's completion.
   */
  public List<Generation> batchGenerate(
      List<TokenIds> prompts, GenerationConfig config, GenerationHooks hooks) {
    return SeveralCompletions.generate(this, prompts, config, hooks);
  }

  /**
   * Streams the completion of a prompt as pieces of text, each generated on demand.
   *
   * @throws GenerationException as above, and if the config asks for beams or several completions
   * @throws IllegalStateException as above
   */
  public TextStream stream(TokenIds prompt, GenerationConfig config) {
    GenerationSession session = newSession();
    try {
      return session.stream(prompt, config, session::close);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Generates the completion of a prompt as {@link #generate(TokenIds, GenerationConfig)} does,
   * with the same tokens in any precision, and records how each token was chosen.
   *
   * @param candidates the number of most probable tokens to record at each step, 1 to the
   *     vocabulary's size
   * @throws GenerationException as there, if there cannot be as many candidates, or if the config
   *     asks for beams or several completions
   * @throws IllegalStateException if the model is closed
   */
  public Explanation explain(TokenIds prompt, GenerationConfig config, int candidates) {
    return explain(prompt, TokenIds.of(), config, candidates, GenerationHooks.none());
  }

  /**
   * Same as above with the caller's hooks, for a completion that may have begun, such as to choose
   * one of its tokens in another way. Its tokens are read one by one, as they were when they were
   * generated without drafts, so that the logits are those of that generation, in any precision.
   *
   * @param soFar the completion's first tokens, or none; in the generation they belong to the
   *     prompt
   * @throws GenerationException as above
   * @throws IllegalStateException as above
   */
  public Explanation explain(
      TokenIds prompt,
      TokenIds soFar,
      GenerationConfig config,
      int candidates,
      GenerationHooks hooks) {
    return StepRecorder.explain(this, prompt, soFar, config, candidates, hooks);
  }

  /**
   * Scores a text: the probability that the model gives each of its tokens. The text is read in one
   * pass, and in one piece: not by windows. In less than full precision, roundings differ a little
   * from those of a generation, which reads token by token: {@link #score(TokenIds, TokenIds)}
   * reads as that does.
   *
   * @param ids two tokens or more, and no more than the model's context
   * @throws GenerationException if there are fewer or more, one of them is outside the vocabulary,
   *     the model gives NaN, or the thread is interrupted
   * @throws IllegalStateException if the model is closed
   */
  public Score score(TokenIds ids) {
    return ForwardPass.score(this, ids);
  }

  /**
   * Scores a completion: the probability that the model gives each of its tokens. The prompt is
   * read in one pass and the completion token by token, as {@link #generate(TokenIds,
   * GenerationConfig)} reads them without drafts: a completion of the model's own has the
   * probabilities by which it was chosen, in any precision. That takes as long as the generation.
   *
   * @param prompt one token or more
   * @param completion one token or more; with the prompt no more than the model's context
   * @return the scores of the completion's tokens alone; their {@code position} counts from the
   *     prompt's first token
   * @throws GenerationException as above
   * @throws IllegalStateException as above
   */
  public Score score(TokenIds prompt, TokenIds completion) {
    return ForwardPass.score(this, prompt, completion);
  }

  /**
   * The logits of one pass over a text, as the model gives them: a row for each token, that scores
   * what follows it. Logits have no unit; their softmax is the probability of each token.
   *
   * @param ids one token or more, and no more than the model's context
   * @return [tokens][vocabulary], a copy of 4 bytes each: 131 MB for 1,024 tokens on Phi-3
   * @throws GenerationException if there are too few or too many, one of them is outside the
   *     vocabulary, or the thread is interrupted
   * @throws IllegalStateException if the model is closed
   */
  public float[][] logits(TokenIds ids) {
    return ForwardPass.logits(this, ids);
  }

  /**
   * Creates a session, whose KV cache is kept from one generation to the next.
   *
   * @throws IllegalStateException if the model is closed
   */
  public GenerationSession newSession() {
    return new GenerationSession(this);
  }

  /**
   * Creates a queue, which generates the completions of prompts that come at any time, many at
   * once. Its KV cache takes a half of the memory that is free now at most.
   *
   * @throws dev.ovchat.openvino.OpenVinoException if the device does not allow {@link
   *     CacheLayout#PAGED}, or memory for the weights is not free: the first queue of a model that
   *     was loaded with another layout compiles it once more
   * @throws GenerationException if the model does not allow that layout, or it would be compiled
   *     now, and its weights are not those any more
   * @throws IllegalStateException if the model is closed
   */
  public GenerationQueue newQueue() {
    return newQueue(SystemMemory.here().free().orElse(Long.MAX_VALUE) / 2);
  }

  /**
   * Same as above.
   *
   * @param mostCacheBytes the maximum size of its KV cache, in bytes. It grows as it is needed;
   *     where it is full, completions wait for others
   * @throws dev.ovchat.openvino.OpenVinoException as above
   * @throws GenerationException as above, and if the size is below 1
   * @throws IllegalStateException as above
   */
  public GenerationQueue newQueue(long mostCacheBytes) {
    if (mostCacheBytes < 1) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "mostCacheBytes is %d; it has to be 1 or more, and a block of the cache is taken in any"
                  + " case.",
              mostCacheBytes));
    }
    Runnable release = keepTokenizerOpen();
    try {
      return new GenerationQueue(
          this, new ContinuousBatch(new PagedCache(paged(), mostCacheBytes)), release);
    } catch (RuntimeException | Error e) {
      release.run();
      throw e;
    }
  }

  /** This model with paged attention. */
  CompiledModel paged() {
    traits.requirePages();
    return pagedTwin.map(PagedTwin::get).orElse(compiled);
  }

  /** The traits of its cache. */
  CacheTraits cacheTraits() {
    return traits;
  }

  CompiledModel compiled() {
    return compiled;
  }

  /** Number of values that the KV cache has for each token of a row. */
  long cacheNumbersPerToken() {
    return cacheNumbersPerToken;
  }

  /** Time to load and compile the model, in ms. */
  double loadMillis() {
    return loadMillis;
  }

  /** A copy of a config in which the values that are not set are the model's own. */
  GenerationConfig filled(GenerationConfig config) {
    return config.filledFrom(generationConfig);
  }

  /** Creates a request, with the model's own values where the config sets none. */
  GenerationRequest request(TokenIds prompt, GenerationConfig config) {
    return new GenerationRequest(prompt, filled(config), this.config, Optional.empty());
  }

  /** Same as above with the caller's hooks. */
  GenerationRequest request(TokenIds prompt, GenerationConfig config, GenerationHooks hooks) {
    return new GenerationRequest(prompt, filled(config), this.config, Optional.of(hooks));
  }

  /**
   * The rule of the response format that a config asks for.
   *
   * @throws dev.ovchat.grammar.GrammarException if it is refused
   */
  Optional<FormatRule> formatRule(GenerationConfig config) {
    return config
        .responseFormat()
        .map(
            format ->
                grammars.rule(format, config.eosTokenIds().orElse(List.of()), config.numBeams()));
  }

  /**
   * Begins to use the tokenizer, which stays open until the result is run.
   *
   * @throws IllegalStateException if the model is closed
   */
  Runnable keepTokenizerOpen() {
    compiled.requireOpen();
    return tokenizer.keepOpen();
  }

  /** Creates an empty cache, which keeps the tokenizer open as long as it is in use. */
  CachedSequence newCache() {
    Runnable release = keepTokenizerOpen();
    try {
      var cache = new CachedSequence(compiled, mostCachePositions);
      cache.whenUnused(release);
      return cache;
    } catch (RuntimeException | Error e) {
      release.run();
      throw e;
    }
  }

  /** Closes the model and its tokenizer. Generations that have begun go on. */
  @Override
  public void close() {
    compiled.close();
    pagedTwin.ifPresent(PagedTwin::close);
    tokenizer.close();
    releaseTokenizer.run();
  }
}

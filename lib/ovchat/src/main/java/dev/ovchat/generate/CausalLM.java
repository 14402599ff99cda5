package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
  private final LoadedModel loaded;

  private CausalLM(LoadedModel loaded) {
    this.loaded = loaded;
  }

  /**
   * Loads and compiles the model of a directory.
   *
   * @param modelDirectory what {@code optimum-cli export openvino} wrote
   * @param ovConfig OpenVINO's own property keys and values, any number of them
   * @throws dev.ovchat.files.UnusableFileException if the directory is not complete, or a file in
   *     it is broken or of another model
   * @throws dev.ovchat.openvino.OpenVinoException if OpenVINO refuses the model, device or config
   * @throws GenerationException if the model is not one for text generation, its generation config
   *     has a value out of range, or the device spreads the tokens of an answer over several
   *     devices
   */
  public static CausalLM load(Path modelDirectory, Device device, Map<String, String> ovConfig) {
    return new CausalLM(LoadedModel.load(modelDirectory, device, ovConfig));
  }

  /** What the model's {@code config.json} says. */
  public ModelConfig config() {
    return loaded.config();
  }

  /** The device that the model was compiled for. */
  public Device device() {
    return loaded.compiled().device();
  }

  /** All of OpenVINO's properties with the values in force, by key. */
  public Map<String, String> effectiveConfig() {
    return loaded.compiled().effectiveConfig();
  }

  /**
   * How the model's authors want it to generate: what {@code generation_config.json} says, and the
   * end tokens of {@code config.json} where it names none.
   */
  public GenerationConfig generationConfig() {
    return loaded.generationConfig();
  }

  /** The ids that end an answer, by {@link #generationConfig()}. */
  public List<Integer> eosTokenIds() {
    return loaded.generationConfig().eosTokenIds().orElse(List.of());
  }

  /** Generates the answer to a prompt. */
  public Generation generate(TokenIds prompt, GenerationConfig config) {
    return generate(prompt, config, GenerationHooks.none());
  }

  /**
   * Generates the answer to a prompt with what the caller brings: a listener, a way to stop, rules
   * for the choice of tokens. With beams the listener is told of the tokens of the best answer, all
   * at the end, when that is known.
   *
   * @param config values that it does not set are those of {@link #generationConfig()}
   * @throws GenerationException if the prompt is empty, holds an id outside the vocabulary, or
   *     leaves no room in the model's context; if the config asks for what there is not; or if no
   *     token can be chosen
   * @throws IllegalStateException if the model is closed
   */
  public Generation generate(TokenIds prompt, GenerationConfig config, GenerationHooks hooks) {
    GenerationConfig filled = config.filledFrom(loaded.generationConfig());
    if (filled.numReturnSequences() > 1 || filled.numBeams() > 1) {
      return SeveralAnswers.generate(loaded, List.of(prompt), config, hooks).get(0);
    }
    try (GenerationSession session = newSession()) {
      return session.generate(prompt, config, hooks);
    }
  }

  /**
   * Generates the answers to many prompts at once, which takes less time than one by one. Each
   * prompt gets the answer that it would get alone (to the token in full precision; a rounding may
   * part them at near-ties). With beams there is one search after the other, which takes as long as
   * one by one: the beams of a prompt are a batch already.
   *
   * @return one for each prompt, in their order
   * @throws GenerationException as above
   * @throws IllegalStateException as above
   */
  public List<Generation> generate(List<TokenIds> prompts, GenerationConfig config) {
    return generate(prompts, config, GenerationHooks.none());
  }

  /** The same with what the caller brings; a listener is told of the first prompt's answer. */
  public List<Generation> generate(
      List<TokenIds> prompts, GenerationConfig config, GenerationHooks hooks) {
    return SeveralAnswers.generate(loaded, prompts, config, hooks);
  }

  /**
   * The answer to a prompt as pieces of text, each generated when it is asked for.
   *
   * @param tokenizer the model's
   * @throws GenerationException as above, and if the config asks for beams or several answers
   * @throws IllegalStateException as above
   */
  public TextStream stream(TokenIds prompt, GenerationConfig config, Tokenizer tokenizer) {
    GenerationSession session = newSession();
    try {
      return session.stream(prompt, config, tokenizer, session::close);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Generates the answer to a prompt as {@link #generate(TokenIds, GenerationConfig)} does, to the
   * token and in any precision, and tells how each token was chosen.
   *
   * @param candidates how many of the likeliest tokens to name at each step, 1 to the vocabulary's
   *     size
   * @throws GenerationException as there, if there cannot be as many candidates, or if the config
   *     asks for beams or several answers
   * @throws IllegalStateException if the model is closed
   */
  public Explanation explain(TokenIds prompt, GenerationConfig config, int candidates) {
    return explain(prompt, TokenIds.of(), config, candidates, GenerationHooks.none());
  }

  /**
   * The same with what the caller brings, for an answer that may have begun, such as to choose one
   * of its tokens in another way. Its tokens are read one by one, as they were when they were
   * generated without drafts, so that the logits are those of that generation, in any precision.
   *
   * @param soFar the answer's first tokens, or none; in the generation they belong to the prompt
   * @throws GenerationException as above
   * @throws IllegalStateException as above
   */
  public Explanation explain(
      TokenIds prompt,
      TokenIds soFar,
      GenerationConfig config,
      int candidates,
      GenerationHooks hooks) {
    return StepRecorder.explain(loaded, prompt, soFar, config, candidates, hooks);
  }

  /**
   * How likely the model holds a text, token by token. It is read in one pass, and in one piece:
   * not by windows. In less than full precision, roundings differ a little from those of a
   * generation, which reads token by token: {@link #score(TokenIds, TokenIds)} reads as that does.
   *
   * @param ids two tokens or more, and no more than the model's context
   * @throws GenerationException if there are fewer or more, one of them is outside the vocabulary,
   *     the model gives NaN, or the thread is interrupted
   * @throws IllegalStateException if the model is closed
   */
  public Score score(TokenIds ids) {
    return ForwardPass.score(loaded, ids);
  }

  /**
   * How likely the model holds an answer, token by token. The prompt is read in one pass and the
   * answer token by token, as {@link #generate(TokenIds, GenerationConfig)} reads them without
   * drafts: an answer of its own has the probabilities by which it was chosen, in any precision.
   * That takes as long as the generation.
   *
   * @param prompt one token or more
   * @param answer one token or more; with the prompt no more than the model's context
   * @return of the answer's tokens alone; their {@code place} counts from the prompt's first token
   * @throws GenerationException as above
   * @throws IllegalStateException as above
   */
  public Score score(TokenIds prompt, TokenIds answer) {
    return ForwardPass.score(loaded, prompt, answer);
  }

  /**
   * The logits of one pass over a text, as the model gives them: a row for each token, that scores
   * what follows it. Logits have no unit; their softmax is the probability of each token.
   *
   * @param ids one token or more, and no more than the model's context
   * @return [tokens][vocabulary], a copy of 4 bytes each: 131 MB for 1,024 tokens on Phi-3
   * @throws GenerationException if there are none or too many, one of them is outside the
   *     vocabulary, or the thread is interrupted
   * @throws IllegalStateException if the model is closed
   */
  public float[][] logits(TokenIds ids) {
    return ForwardPass.logits(loaded, ids);
  }

  /**
   * A cache that is kept from one generation to the next.
   *
   * @throws IllegalStateException if the model is closed
   */
  public GenerationSession newSession() {
    return new GenerationSession(loaded);
  }

  @Override
  public void close() {
    loaded.close();
  }
}

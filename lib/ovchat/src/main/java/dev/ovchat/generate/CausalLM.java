package dev.ovchat.generate;

import dev.ovchat.checkpoint.ModelConfig;
import dev.ovchat.checkpoint.ModelDirectory;
import dev.ovchat.checkpoint.Topology;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
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
  private final CompiledModel model;
  private final ModelConfig config;
  private final GenerationConfig generationConfig;
  private final double loadMillis;

  private CausalLM(
      CompiledModel model,
      ModelConfig config,
      GenerationConfig generationConfig,
      double loadMillis) {
    this.model = model;
    this.config = config;
    this.generationConfig = generationConfig;
    this.loadMillis = loadMillis;
  }

  /**
   * Loads and compiles the model of a directory.
   *
   * @param modelDirectory what {@code optimum-cli export openvino} wrote
   * @param ovConfig OpenVINO's own property keys and values, any number of them
   * @throws dev.ovchat.checkpoint.CheckpointException if the directory is not complete, or a file
   *     in it is broken or of another model
   * @throws dev.ovchat.openvino.OpenVinoException if OpenVINO refuses the model, device or config
   * @throws GenerationException if the model is none for text generation, its generation config has
   *     a value out of range, or the device spreads the tokens of an answer over several devices
   */
  public static CausalLM load(Path modelDirectory, Device device, Map<String, String> ovConfig) {
    if (device.spreadsInferences(ovConfig)) {
      // Tried with two CPUs: the tokens of one answer went to two caches, and the answers were
      // wrong.
      throw new GenerationException(
          """
          %s spreads inferences over several devices, but the tokens of one answer have to go to the \
          same one, which keeps their cache. Name a single device, or use AUTO or HETERO."""
              .formatted(device));
    }
    long start = System.nanoTime();
    ModelDirectory directory = ModelDirectory.open(modelDirectory);
    ModelConfig config = directory.config();
    GenerationConfig generationConfig = GenerationConfig.of(directory);
    Topology graph = directory.topology();
    CompiledModel model =
        CompiledModel.compile(graph.file(), graph.withLogitPositions(), device, ovConfig);
    try {
      CausalSession.requireInputs(model.inputNames());
    } catch (GenerationException e) {
      model.close();
      throw e;
    }
    return new CausalLM(model, config, generationConfig, (System.nanoTime() - start) / 1e6);
  }

  /** What the model's {@code config.json} says. */
  public ModelConfig config() {
    return config;
  }

  /** The device that the model was compiled for. */
  public Device device() {
    return model.device();
  }

  /** All of OpenVINO's properties with the values in force, by key. */
  public Map<String, String> effectiveConfig() {
    return model.effectiveConfig();
  }

  /**
   * How the model's authors want it to generate: what {@code generation_config.json} says, and the
   * end tokens of {@code config.json} where it names none.
   */
  public GenerationConfig generationConfig() {
    return generationConfig;
  }

  /** The ids that end an answer, by {@link #generationConfig()}. */
  public List<Integer> eosTokenIds() {
    return generationConfig.eosTokenIds().orElse(List.of());
  }

  /** Generates the answer to a prompt. */
  public Generation generate(TokenIds prompt, GenerationConfig config) {
    return generate(prompt, config, id -> {});
  }

  /**
   * Generates the answer to a prompt, and tells the listener of each token.
   *
   * @param config values that it does not set are those of {@link #generationConfig()}
   * @throws GenerationException if the prompt is empty, holds an id outside the vocabulary, or
   *     leaves no room in the model's context; if the config asks for what there is not; or if no
   *     token can be chosen
   * @throws IllegalStateException if the model is closed
   */
  public Generation generate(
      TokenIds prompt, GenerationConfig config, GenerationListener listener) {
    return generate(prompt, config, listener, new Cancellation());
  }

  /**
   * The same, for a generation that is to be stopped from outside.
   *
   * @throws GenerationException as above
   * @throws IllegalStateException as above
   */
  public Generation generate(
      TokenIds prompt,
      GenerationConfig config,
      GenerationListener listener,
      Cancellation cancellation) {
    var request =
        new GenerationRequest(prompt, config.filledFrom(this.generationConfig), this.config);
    try (CausalSession session = new CausalSession(model)) {
      return new GenerationLoop(session, request.config(), listener, cancellation)
          .run(prompt, request.limit(), loadMillis);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}

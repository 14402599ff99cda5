package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.cache.CausalSession;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model that all ways to generate work with: compiled, with the configs and the tokenizer of its
 * directory.
 *
 * @param cacheNumbersPerToken the number of values that the KV cache has for each token of a row
 */
record LoadedModel(
    CompiledModel compiled,
    ModelConfig config,
    GenerationConfig generationConfig,
    long cacheNumbersPerToken,
    OwnTokenizer ownTokenizer,
    double loadMillis)
    implements AutoCloseable {

  /** Same as {@link CausalLM#load}. */
  static LoadedModel load(Path modelDirectory, Device device, Map<String, String> ovConfig) {
    if (device.spreadsInferences(ovConfig)) {
      // Tried with two CPUs: the tokens of one answer went to two caches, and the answers were
      // wrong.
      throw new GenerationException(
          """
          %s spreads inferences over several devices, but the tokens of one answer have to go to the \
          same one, which keeps their cache. Name a single device, or use AUTO or HETERO.\
          """
              .formatted(device));
    }
    long start = System.nanoTime();
    ModelDirectory directory = ModelDirectory.open(modelDirectory);
    ModelConfig config = directory.config();
    GenerationConfig generationConfig = GenerationConfig.of(directory);
    var tokenizer = new OwnTokenizer(directory.tokenizer(), config.vocabSize());
    IrModel graph = directory.graph();
    CompiledModel compiled = compile(graph, device, ovConfig);
    double millis = (System.nanoTime() - start) / 1e6;
    return new LoadedModel(
        compiled, config, generationConfig, graph.cacheNumbersPerToken(), tokenizer, millis);
  }

  private static CompiledModel compile(IrModel graph, Device device, Map<String, String> ovConfig) {
    CompiledModel compiled =
        CompiledModel.compile(graph.file(), graph.withLogitPositions(), device, ovConfig);
    try {
      CausalSession.requireInputs(compiled.inputNames());
    } catch (GenerationException e) {
      compiled.close();
      throw e;
    }
    return compiled;
  }

  /** Creates a request, with the model's own values where the config sets none. */
  GenerationRequest request(TokenIds prompt, GenerationConfig config) {
    return new GenerationRequest(prompt, config.filledFrom(generationConfig), this.config);
  }

  CachedSequence newCache() {
    return new CachedSequence(compiled, config);
  }

  @Override
  public void close() {
    compiled.close();
    ownTokenizer.close();
  }
}

package dev.ovchat.spark;

import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.CacheLayout;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationQueue;
import dev.ovchat.generate.Score;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVinoException;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The model of an executor, for all of its tasks. Their prompts go through one queue: together they
 * make one batch, and what they begin with in common is read once.
 */
final class ExecutorModel {
  private final CausalLM model;
  private final Path directory;

  /** Empty where device or model has no paged attention: each task then generates for itself. */
  private final Optional<GenerationQueue> queue;

  private ChatTemplate chatTemplate; // null until it is asked for: base models have none

  private ExecutorModel(CausalLM model, Path directory) {
    this.model = model;
    this.directory = directory;
    this.queue =
        model.cacheLayout() == CacheLayout.PAGED ? Optional.of(model.newQueue()) : Optional.empty();
  }

  /**
   * Loads a model.
   *
   * @throws RuntimeException as {@link CausalLM#load}
   */
  static ExecutorModel load(Path directory, Device device, Map<String, String> ovConfig) {
    CausalLM model;
    try {
      model = CausalLM.load(directory, device, ovConfig, CacheLayout.PAGED);
    } catch (OpenVinoException
        | GenerationException e) { // if the model is damaged, this fails, too
      model = CausalLM.load(directory, device, ovConfig);
    }
    try {
      return new ExecutorModel(model, directory);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /** The model's chat template. */
  synchronized ChatTemplate chatTemplate() {
    if (chatTemplate == null) {
      chatTemplate = ChatTemplate.load(directory);
    }
    return chatTemplate;
  }

  /** The ids of a prompt that has its marks already. */
  TokenIds encode(String prompt) {
    return model.tokenizer().encode(prompt, EncodeOptions.AS_IT_IS);
  }

  /** The text of a generation's first completion. */
  String text(Generation generation) {
    return model.tokenizer().decode(generation.ids(), DecodeOptions.READABLE);
  }

  /** Begins to generate, or generates: beams are a batch already. */
  CompletableFuture<Generation> submit(TokenIds prompt, GenerationConfig config) {
    boolean hasBeams =
        config.numBeams() > 1 || config.filledFrom(model.generationConfig()).numBeams() > 1;
    return queue.isEmpty() || hasBeams
        ? CompletableFuture.completedFuture(model.generate(prompt, config))
        : queue.get().submit(prompt, config);
  }

  /** Scores a completion. */
  Score score(TokenIds prompt, TokenIds completion) {
    return model.score(prompt, completion);
  }

  /** Closes the model; its generations end as cancelled. */
  void close() {
    queue.ifPresent(GenerationQueue::close);
    model.close();
  }
}

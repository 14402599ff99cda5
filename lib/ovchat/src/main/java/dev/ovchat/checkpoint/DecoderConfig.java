package dev.ovchat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What {@code config.json} says of how a decoder computes, for the architectures that can be
 * exported. What it does not say is as in transformers.
 *
 * @param modelType transformers' name of the architecture: phi3, llama, mistral or qwen2
 * @param vocabSize how many tokens it knows
 * @param hiddenSize numbers per token between layers
 * @param intermediateSize numbers per token inside a feed-forward part
 * @param numHiddenLayers number of layers
 * @param numAttentionHeads query heads per layer
 * @param numKeyValueHeads key and value heads per layer; each serves as many query heads
 * @param headDim numbers per head
 * @param rmsNormEps what is added to a mean of squares before its root is taken
 * @param tieWordEmbeddings whether the last layer's weights are those of the embedding
 * @param queryKeyValueBias whether the first layers of attention add a bias
 * @param attentionOutputBias whether the last layer of attention does
 * @param feedForwardBias whether the layers of the feed-forward part do
 * @param slidingWindows for each layer, how many tokens back a token sees where it is limited
 * @param rope how positions turn into angles
 */
public record DecoderConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int numKeyValueHeads,
    int headDim,
    float rmsNormEps,
    boolean tieWordEmbeddings,
    boolean queryKeyValueBias,
    boolean attentionOutputBias,
    boolean feedForwardBias,
    List<Optional<Integer>> slidingWindows,
    RopeConfig rope) {
  private static final List<String> MODEL_TYPES = List.of("phi3", "llama", "mistral", "qwen2");

  public DecoderConfig {
    slidingWindows = List.copyOf(slidingWindows);
  }

  /**
   * Reads a checkpoint's {@code config.json}.
   *
   * @throws CheckpointException if it is not readable, of another architecture, or asks for
   *     something that the export does not know; the message says what
   */
  public static DecoderConfig read(Path checkpoint) {
    JsonFile json = JsonFile.read(checkpoint.resolve("config.json"));
    String type = json.text("model_type", "unknown");
    if (!MODEL_TYPES.contains(type)) {
      throw new CheckpointException(
          ("%s is of the architecture %s; the export from Java knows %s. The documented command may"
                  + " know it: add --engine optimum to ./scripts/export.")
              .formatted(json.path(), type, String.join(", ", MODEL_TYPES)));
    }
    refuseWhatIsUnknown(json);
    int heads = json.size("num_attention_heads");
    int hidden = json.size("hidden_size");
    boolean bias = json.truth("attention_bias", false) && type.equals("llama");
    return new DecoderConfig(
        type,
        json.size("vocab_size"),
        hidden,
        json.size("intermediate_size"),
        json.size("num_hidden_layers"),
        heads,
        keyValueHeads(json, type, heads),
        headDim(json, hidden, heads),
        (float) json.number("rms_norm_eps").orElse(type.equals("phi3") ? 1e-5 : 1e-6),
        json.truth("tie_word_embeddings", false),
        bias || type.equals("qwen2"),
        bias,
        json.truth("mlp_bias", false) && type.equals("llama"),
        slidingWindows(json, type),
        RopeConfig.read(json, type.equals("phi3")));
  }

  /** Whether query, key and value are one matrix in the checkpoint, and gate and up as well. */
  public boolean isFused() {
    return modelType.equals("phi3");
  }

  private static void refuseWhatIsUnknown(JsonFile json) {
    String activation = json.text("hidden_act", "silu");
    if (!activation.equals("silu")) {
      throw new CheckpointException(
          "%s asks for the activation %s; the export from Java knows silu."
              .formatted(json.path(), activation));
    }
    json.value("quantization_config")
        .ifPresent(
            quantization -> {
              throw new CheckpointException(
                  ("The weights of %s are quantized already (%s); take the original checkpoint,"
                          + " with weights in F32, F16 or BF16.")
                      .formatted(
                          json.path().getParent(),
                          quantization.path("quant_method").asText("quantization_config")));
            });
  }

  /** As many as query heads where nothing is said, but for two architectures. */
  private static int keyValueHeads(JsonFile json, String type, int heads) {
    String field = "num_key_value_heads";
    int otherwise =
        json.root().has(field)
            ? heads
            : Map.of("mistral", 8, "qwen2", 32).getOrDefault(type, heads);
    int keyValueHeads = json.value(field).isPresent() ? json.size(field) : otherwise;
    if (heads % keyValueHeads != 0) {
      throw new CheckpointException(
          "%s: num_attention_heads, %d, is no multiple of num_key_value_heads, %d."
              .formatted(json.path(), heads, keyValueHeads));
    }
    return keyValueHeads;
  }

  private static int headDim(JsonFile json, int hidden, int heads) {
    if (json.value("head_dim").isPresent()) {
      return json.size("head_dim");
    }
    if (hidden % heads != 0) {
      throw new CheckpointException(
          "%s: hidden_size, %d, is no multiple of num_attention_heads, %d."
              .formatted(json.path(), hidden, heads));
    }
    return hidden / heads;
  }

  private static List<Optional<Integer>> slidingWindows(JsonFile json, String type) {
    Optional<Integer> window = json.value("sliding_window").map(any -> json.size("sliding_window"));
    int layers = json.size("num_hidden_layers");
    return switch (type) {
      case "phi3" -> Collections.nCopies(layers, window);
      case "mistral" ->
          Collections.nCopies(
              layers, json.root().has("sliding_window") ? window : Optional.of(4096));
      case "qwen2" -> qwen2Windows(json, layers, window);
      default -> Collections.nCopies(layers, Optional.empty());
    };
  }

  /** Qwen2 names a window and may switch it off; its lower layers have none. */
  private static List<Optional<Integer>> qwen2Windows(
      JsonFile json, int layers, Optional<Integer> window) {
    if (!json.truth("use_sliding_window", false)) {
      return Collections.nCopies(layers, Optional.empty());
    }
    int first = json.integer("max_window_layers").orElse(28);
    JsonNode types = json.root().path("layer_types");
    return IntStream.range(0, layers)
        .mapToObj(
            layer ->
                types.has(layer)
                    ? types.get(layer).asText().equals("sliding_attention")
                    : layer >= first)
        .map(
            isLimited -> isLimited ? window.or(() -> Optional.of(4096)) : Optional.<Integer>empty())
        .toList();
  }
}

package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

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
 * @param tieWordEmbeddings whether lm_head's weights are those of the embedding, unless the
 *     checkpoint holds both and they differ
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
  /** What to do where the export does not know something: a sentence behind a blank. */
  static final String OTHERWISE =
      " The documented command may know it: add --engine optimum to ./scripts/export.";

  private static final List<String> MODEL_TYPES = List.of("phi3", "llama", "mistral", "qwen2");

  private static final List<String> LAYER_TYPES = List.of("full_attention", "sliding_attention");

  /** Far above any real one (200). */
  private static final int MOST_LAYERS = 10_000;

  /** Far above any real one (256). */
  private static final int LARGEST_HEAD = 65_536;

  public DecoderConfig {
    slidingWindows = List.copyOf(slidingWindows);
  }

  /**
   * Reads a checkpoint's {@code config.json}.
   *
   * @throws UnusableFileException if it is not readable, of another architecture, or asks for
   *     something that the export does not know; the message says what
   */
  public static DecoderConfig read(Path checkpoint) {
    Path path = checkpoint.resolve(FileNames.CONFIG);
    JsonFile json = JsonFile.read(path);
    String type = modelType(json);
    if (!MODEL_TYPES.contains(type)) {
      throw new UnusableFileException(
          "%s is of the architecture %s; the export from Java knows %s.%s"
              .formatted(
                  json.path(),
                  type,
                  String.join(", ", MODEL_TYPES),
                  DocumentedCommand.advice(type)));
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
        sizeUpTo(json, "num_hidden_layers", MOST_LAYERS),
        heads,
        keyValueHeads(json, type, heads),
        headDim(json, hidden, heads),
        epsilon(json, type),
        json.truth("tie_word_embeddings", false),
        bias || type.equals("qwen2"),
        bias,
        json.truth("mlp_bias", false) && type.equals("llama"),
        slidingWindows(json, type),
        RopeConfig.read(json, type.equals("phi3")));
  }

  /**
   * Mistral with windows of several kinds is another architecture, as in transformers' AutoConfig.
   */
  private static String modelType(JsonFile json) {
    String type = json.text("model_type", "unknown");
    return type.equals("mistral") && json.root().has("layer_types") ? "ministral" : type;
  }

  /** Whether query, key and value are one matrix in the checkpoint, and gate and up as well. */
  public boolean isFused() {
    return modelType.equals("phi3");
  }

  private static void refuseWhatIsUnknown(JsonFile json) {
    String activation = json.text("hidden_act", "silu");
    if (!activation.equals("silu")) {
      throw new UnusableFileException(
          "%s asks for the activation %s; the export from Java knows silu.%s"
              .formatted(json.path(), activation, OTHERWISE));
    }
    json.value("quantization_config")
        .ifPresent(
            quantization -> {
              throw new UnusableFileException(
                  ("The weights of %s are quantized already (%s); take the original checkpoint,"
                          + " with weights in F32, F16 or BF16.")
                      .formatted(
                          json.path().getParent(),
                          quantization.path("quant_method").asText("quantization_config")));
            });
  }

  /** Lists are made of what it counts, before the weights show whether that can be. */
  private static int sizeUpTo(JsonFile json, String field, int most) {
    int size = json.size(field);
    if (size > most) {
      throw json.wrong(field, "a number from 1 to " + most, json.root().path(field));
    }
    return size;
  }

  private static float epsilon(JsonFile json, String type) {
    float epsilon = (float) json.number("rms_norm_eps").orElse(type.equals("phi3") ? 1e-5 : 1e-6);
    if (!(epsilon >= 0 && epsilon <= Float.MAX_VALUE)) {
      throw json.wrong("rms_norm_eps", "a number of 0 or more", json.root().path("rms_norm_eps"));
    }
    return epsilon;
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
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: num_attention_heads, %d, is no multiple of num_key_value_heads, %d.",
              json.path(),
              heads,
              keyValueHeads));
    }
    return keyValueHeads;
  }

  private static int headDim(JsonFile json, int hidden, int heads) {
    if (json.value("head_dim").isPresent()) {
      return sizeUpTo(json, "head_dim", LARGEST_HEAD);
    }
    if (hidden % heads != 0) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: hidden_size, %d, is no multiple of num_attention_heads, %d.",
              json.path(),
              hidden,
              heads));
    }
    return hidden / heads;
  }

  private static List<Optional<Integer>> slidingWindows(JsonFile json, String type) {
    Optional<Integer> window = json.value("sliding_window").map(any -> json.size("sliding_window"));
    int layers = sizeUpTo(json, "num_hidden_layers", MOST_LAYERS);
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
    JsonNode types = layerTypes(json, layers);
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

  /** As strict as transformers; missing where nothing is said. */
  private static JsonNode layerTypes(JsonFile json, int layers) {
    String field = "layer_types";
    json.value(field)
        .ifPresent(
            types -> {
              boolean areKnown =
                  StreamSupport.stream(types.spliterator(), false)
                      .allMatch(type -> LAYER_TYPES.contains(type.asText()));
              if (types.size() != layers || !areKnown) {
                throw json.wrong(
                    field,
                    String.format(Locale.ROOT, "a list of %d out of %s", layers, LAYER_TYPES),
                    types);
              }
            });
    return json.root().path(field);
  }
}

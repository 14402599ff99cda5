package dev.ovchat.modeldir;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.JsonFile;
import dev.ovchat.message.Visible;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Shape of a model, from its {@code config.json}: the Java side of transformers' AutoConfig.
 *
 * @param modelType the architecture's family, for instance {@code phi3}
 * @param vocabSize number of tokens that it knows: ids run from 0 to one less
 * @param hiddenSize dimensions of a token's hidden state between layers
 * @param numHiddenLayers number of transformer layers
 * @param numAttentionHeads query heads per layer
 * @param maxPositionEmbeddings maximum length of a sequence in tokens, prompt and completion
 *     together; the largest integer where {@code config.json} names none, as of a model whose
 *     attention is biased by distance
 * @param slidingWindow number of tokens back that a token attends to, where the model is limited so
 * @param eosTokenIds ids of the end tokens; may be empty
 */
public record ModelConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int maxPositionEmbeddings,
    Optional<Integer> slidingWindow,
    List<Integer> eosTokenIds) {
  /** Architectures that have a window in transformers where their config lacks the field. */
  private static final Set<String> WITH_A_WINDOW =
      Set.of("mistral", "ministral", "gemma2", "gemma3_text", "exaone4");

  private static final int DEFAULT_WINDOW = 4096;

  public ModelConfig {
    modelType = Visible.onOneLine(modelType);
    eosTokenIds = List.copyOf(eosTokenIds);
  }

  static ModelConfig of(JsonFile json) {
    return new ModelConfig(
        json.text("model_type", "unknown"),
        json.size("vocab_size"),
        json.size("hidden_size", "n_embd", "d_model"),
        json.size("num_hidden_layers", "n_layer", "n_layers", "num_layers", "decoder_layers"),
        json.size(
            "num_attention_heads",
            "n_head",
            "n_heads",
            "num_heads",
            "attention_heads",
            "decoder_attention_heads"),
        context(json),
        slidingWindow(json),
        json.tokenIds("eos_token_id"));
  }

  private static int context(JsonFile json) {
    String[] names = {"max_position_embeddings", "n_positions", "max_seq_len", "seq_length"};
    boolean isNamed = Arrays.stream(names).anyMatch(name -> json.value(name).isPresent());
    return isNamed ? json.size(names) : Integer.MAX_VALUE;
  }

  /**
   * The sliding window. Qwen2 names one and switches it off, unless a list of layers names it;
   * GPT-Neo has another name for it; some leave it to transformers' default.
   */
  private static Optional<Integer> slidingWindow(JsonFile json) {
    boolean isListed = json.root().path("layer_types").toString().contains("sliding_attention");
    boolean inUse =
        isListed || json.value("use_sliding_window").map(JsonNode::asBoolean).orElse(true);
    boolean isDefault =
        !json.root().has("sliding_window")
            && WITH_A_WINDOW.contains(json.text("model_type", "unknown"));
    return Stream.of("sliding_window", "window_size")
        .filter(name -> inUse && json.value(name).isPresent())
        .map(name -> json.size(name))
        .findFirst()
        .or(() -> isDefault ? Optional.of(DEFAULT_WINDOW) : Optional.empty());
  }
}

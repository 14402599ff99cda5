package dev.ovchat.modeldir;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.JsonFile;
import dev.ovchat.message.Visible;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Shape of a model, from its {@code config.json}: the Java side of transformers' AutoConfig.
 *
 * @param modelType the architecture's family, for instance {@code phi3}
 * @param vocabSize number of tokens that it knows: ids run from 0 to one less
 * @param hiddenSize dimensions of a token's hidden state between layers
 * @param numHiddenLayers number of transformer layers
 * @param numAttentionHeads query heads per layer
 * @param maxPositionEmbeddings maximum length of a sequence in tokens, prompt and completion
 *     together
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

  public ModelConfig {
    modelType = Visible.onOneLine(modelType);
    eosTokenIds = List.copyOf(eosTokenIds);
  }

  static ModelConfig read(Path path) {
    JsonFile json = JsonFile.read(path);
    return new ModelConfig(
        json.text("model_type", "unknown"),
        json.size("vocab_size"),
        json.size("hidden_size", "n_embd"),
        json.size("num_hidden_layers", "n_layer"),
        json.size("num_attention_heads", "n_head"),
        json.size("max_position_embeddings", "n_positions"),
        slidingWindow(json),
        json.tokenIds("eos_token_id"));
  }

  /** The sliding window. Qwen2 names one and switches it off. */
  private static Optional<Integer> slidingWindow(JsonFile json) {
    boolean inUse = json.value("use_sliding_window").map(JsonNode::asBoolean).orElse(true);
    return json.value("sliding_window")
        .filter(window -> inUse)
        .map(window -> json.size("sliding_window"));
  }
}

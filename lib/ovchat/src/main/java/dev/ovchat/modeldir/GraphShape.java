package dev.ovchat.modeldir;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Shape of a model as its graph shows it: the width of its logits, and the shape of its caches.
 * With the config.json of another model the graph would load and generate nonsense.
 *
 * @param vocabulary the number of columns of the logits; empty where the graph leaves them open
 * @param caches the caches of the keys, one for each layer that has any
 */
record GraphShape(OptionalInt vocabulary, List<Cache> caches) {
  private static final Pattern LOGITS =
      Pattern.compile(
          "<port"
              + " [^>]*names=\"logits\"[^>]*>(?:\\s*<dim>-?\\d+</dim>)*?\\s*<dim>(\\d{1,9})</dim>\\s*</port>");

  /**
   * The variable of a key cache where it is read; where it is written its shape is not given again.
   */
  private static final Pattern KEYS =
      Pattern.compile(
          "variable_id=\"past_key_values\\.\\d+\\.key[^>]*"
              + " variable_shape=\"\\?,(\\d{1,9}),\\?,(\\d{1,9})\"");

  /**
   * Fields of architectures whose layers differ, or share or lack a cache, or whose cache holds
   * something else.
   */
  private static final Set<String> UNLIKE_LAYERS =
      Set.of(
          "num_kv_shared_layers",
          "layers_block_type",
          "block_configs",
          "hybrid_override_pattern",
          "attn_layer_indices",
          "full_attn_idxs",
          "kv_lora_rank",
          "global_head_dim");

  private static final List<String> ATTENTION = List.of("full_attention", "sliding_attention");

  /** The keys of a layer: [batch, heads, tokens, size]. */
  record Cache(int heads, int size) {}

  static GraphShape of(String graph) {
    Matcher logits = LOGITS.matcher(graph);
    return new GraphShape(
        logits.find() ? OptionalInt.of(Integer.parseInt(logits.group(1))) : OptionalInt.empty(),
        KEYS.matcher(graph)
            .results()
            .map(
                keys -> new Cache(Integer.parseInt(keys.group(1)), Integer.parseInt(keys.group(2))))
            .toList());
  }

  /**
   * Compares the graph with a {@code config.json}, as far as both speak of the same.
   *
   * @throws UnusableFileException if they are of different models
   */
  void requireModel(Path graph, JsonFile json) {
    ModelConfig config = ModelConfig.of(json);
    Comparison comparison = new Comparison(graph, json.path());
    comparison.require("vocab_size", config.vocabSize(), vocabulary, "logits for %d tokens");
    if (caches.isEmpty() || hasUnlikeLayers(json)) {
      return;
    }
    comparison.require(
        "num_hidden_layers",
        config.numHiddenLayers(),
        OptionalInt.of(caches.size()),
        "caches for %d layers");
    Cache cache = caches.get(0);
    json.integer("num_key_value_heads")
        .ifPresent(
            heads ->
                comparison.require(
                    "num_key_value_heads",
                    heads,
                    OptionalInt.of(cache.heads()),
                    "caches for %d heads of keys and values"));
    comparison.require(
        "head_dim",
        json.integer("head_dim").orElse(config.hiddenSize() / config.numAttentionHeads()),
        OptionalInt.of(cache.size()),
        "caches for heads of the size %d");
  }

  private static boolean hasUnlikeLayers(JsonFile json) {
    return UNLIKE_LAYERS.stream().anyMatch(json.root()::has)
        || !StreamSupport.stream(json.root().path("layer_types").spliterator(), false)
            .allMatch(type -> ATTENTION.contains(type.asText()));
  }

  private record Comparison(Path graph, Path config) {
    void require(String field, int wanted, OptionalInt found, String what) {
      if (found.isPresent() && found.getAsInt() != wanted) {
        throw new UnusableFileException(
            String.format(
                Locale.ROOT,
                "%s is of another model than the config.json beside it: it has %s, by config.json"
                    + " %s is %d. Copy config.json and the tokenizer's files of the model that was"
                    + " exported, or export the model again: %s",
                graph,
                String.format(Locale.ROOT, what, found.getAsInt()),
                field,
                wanted,
                ModelDirectory.exportCommand(config.getParent())));
      }
    }
  }
}

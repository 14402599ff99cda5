package dev.ovchat.gguf;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of {@code config.json}, out of the metadata of a GGUF file. */
final class GgufConfig {
  private static final int LARGEST_HEAD = 65_536;
  private static final int MOST_FACTORS = 65_536;

  private final GgufCheckpoint model;
  private final GgufMetadata metadata;
  private final String prefix;

  GgufConfig(GgufCheckpoint model) {
    this.model = model;
    this.metadata = model.metadata();
    this.prefix = model.architecture().key() + ".";
  }

  /** Number of dimensions of a head. */
  int headSize() {
    Optional<Long> keys = metadata.integer(prefix + "attention.key_length");
    if (keys.isPresent()) {
      Long values = metadata.integer(prefix + "attention.value_length").orElse(keys.get());
      if (!keys.get().equals(values)) {
        throw metadata.wrong(
            prefix + "attention.value_length", "attention.key_length, " + keys.get(), values);
      }
      return bounded("attention.key_length", LARGEST_HEAD);
    }
    int hidden = metadata.size(prefix + "embedding_length");
    int heads = heads("attention.head_count");
    if (hidden % heads != 0 || hidden / heads > LARGEST_HEAD) {
      throw metadata.wrong(
          prefix + "attention.head_count", "a divisor of embedding_length, " + hidden, heads);
    }
    return hidden / heads;
  }

  /** The fields and their values, as JSON knows them. */
  Map<String, Object> fields() {
    refuseExperts();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of(model.architecture().className()));
    config.put("model_type", model.architecture().key());
    config.put("vocab_size", model.get("model.embed_tokens.weight").shape().get(0));
    config.put("hidden_size", metadata.size(prefix + "embedding_length"));
    config.put("intermediate_size", heads("feed_forward_length"));
    config.put("num_hidden_layers", metadata.size(prefix + "block_count"));
    config.put("num_attention_heads", heads("attention.head_count"));
    config.put(
        "num_key_value_heads",
        metadata.has(prefix + "attention.head_count_kv")
            ? heads("attention.head_count_kv")
            : heads("attention.head_count"));
    config.put("head_dim", headSize());
    config.put("hidden_act", "silu");
    config.put("max_position_embeddings", metadata.size(prefix + "context_length"));
    String epsilon = prefix + "attention.layer_norm_rms_epsilon";
    config.put(
        "rms_norm_eps", metadata.number(epsilon).orElseThrow(() -> metadata.missing(epsilon)));
    config.put("tie_word_embeddings", !model.has("lm_head.weight"));
    config.put("attention_bias", model.has("model.layers.0.self_attn.q_proj.bias"));
    config.put("mlp_bias", model.has("model.layers.0.mlp.up_proj.bias"));
    addWindow(config);
    addRope(config);
    GgufTokens tokens = GgufTokens.of(metadata);
    config.put("bos_token_id", tokens.id("bos").orElse(null));
    config.put("eos_token_id", tokens.id("eos").orElse(null));
    config.put("pad_token_id", tokens.id("padding").orElse(null));
    config.put("torch_dtype", "float32");
    return config;
  }

  private void refuseExperts() {
    if (metadata.integer(prefix + "expert_count").orElse(0L) > 0) {
      throw new UnusableFileException(
          metadata.path()
              + " is a mixture of experts (expert_count); the export knows models without experts.");
    }
  }

  /** A size that some architectures give for each layer; here all layers have to be equal. */
  private int heads(String name) {
    String key = prefix + name;
    if (!(metadata.entries().get(key) instanceof List<?>)) {
      return metadata.size(key);
    }
    List<Number> sizes = metadata.numbers(key).orElseThrow();
    if (sizes.isEmpty() || sizes.stream().distinct().count() > 1 || sizes.get(0).longValue() < 1) {
      throw metadata.wrong(key, "the same number for all layers", sizes);
    }
    return Math.toIntExact(Math.min(Integer.MAX_VALUE, sizes.get(0).longValue()));
  }

  private int bounded(String name, int most) {
    int size = metadata.size(prefix + name);
    if (size > most) {
      throw metadata.wrong(prefix + name, "a number from 1 to " + most, size);
    }
    return size;
  }

  /** A Llama with a sliding window is what transformers calls Mistral. */
  private void addWindow(Map<String, Object> config) {
    String key = prefix + "attention.sliding_window";
    long window = metadata.integer(key).orElse(0L);
    if (window < 0 || window > Integer.MAX_VALUE) {
      throw metadata.wrong(key, "a number of tokens", window);
    }
    if (window > 0 && model.architecture() == GgufArchitecture.LLAMA) {
      config.put("architectures", List.of("MistralForCausalLM"));
      config.put("model_type", "mistral");
    }
    boolean isQwen =
        model.architecture() == GgufArchitecture.QWEN2
            || model.architecture() == GgufArchitecture.QWEN3;
    if (isQwen) { // llama.cpp gives Qwen full attention
      config.put("use_sliding_window", false);
    } else {
      config.put("sliding_window", window > 0 ? window : null);
    }
  }

  private void addRope(Map<String, Object> config) {
    config.put("rope_theta", metadata.number(prefix + "rope.freq_base").orElse(10_000));
    long rotated = metadata.integer(prefix + "rope.dimension_count").orElse((long) headSize());
    if (rotated != headSize()) {
      config.put("partial_rotary_factor", (double) rotated / headSize());
    }
    Optional<Long> original = metadata.integer(prefix + "rope.scaling.original_context_length");
    original.ifPresent(length -> config.put("original_max_position_embeddings", length));
    Map<String, Object> scaling = scaling(config);
    if (!scaling.isEmpty()) {
      config.put("rope_scaling", scaling);
    }
  }

  private Map<String, Object> scaling(Map<String, Object> config) {
    Map<String, Object> rope = new LinkedHashMap<>();
    if (model.has("rope_factors_long.weight")) { // Phi-3 with a long context
      rope.put("rope_type", "longrope");
      rope.put("short_factor", factors("rope_factors_short.weight"));
      rope.put("long_factor", factors("rope_factors_long.weight"));
      metadata
          .number(prefix + "rope.scaling.attn_factor")
          .ifPresent(factor -> rope.put("attention_factor", factor));
      return rope;
    }
    if (model.has("rope_freqs.weight")) { // Llama 3.1 and later: one factor for each frequency
      List<Object> factors = factors("rope_freqs.weight");
      rope.put("rope_type", "longrope");
      rope.put("short_factor", factors);
      rope.put("long_factor", factors);
      rope.put("attention_factor", 1.0);
      config.putIfAbsent("original_max_position_embeddings", config.get("max_position_embeddings"));
      return rope;
    }
    String type = metadata.text(prefix + "rope.scaling.type").orElse("none");
    if (type.equals("none") || type.equals("longrope")) { // which is in use with its factors alone
      return rope;
    }
    rope.put("rope_type", type);
    rope.put("factor", metadata.number(prefix + "rope.scaling.factor").orElse(1));
    if (config.containsKey("original_max_position_embeddings")) {
      rope.put("original_max_position_embeddings", config.get("original_max_position_embeddings"));
    }
    return rope;
  }

  private List<Object> factors(String name) {
    CheckpointTensor tensor = model.get(name);
    if (tensor.size() > MOST_FACTORS) {
      throw new UnusableFileException(
          "%s: the tensor %s has the shape %s, more factors than a head has pairs of dimensions%s"
              .formatted(model.path(), name, tensor.shape(), StrictJson.AGAIN));
    }
    float[] factors = new float[(int) tensor.size()];
    WeightReader.of(tensor, factors.length)
        .read(model.map(tensor, 0, (int) tensor.byteCount()), factors, factors.length);
    List<Object> values = new ArrayList<>();
    for (float factor : factors) {
      values.add(factor);
    }
    return values;
  }
}

package dev.ovchat.gguf;

import dev.ovchat.files.UnusableFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of {@code config.json}, out of the metadata of a GGUF file. */
final class GgufConfig {
  private final GgufCheckpoint model;
  private final GgufTokens tokens;
  private final GgufMetadata metadata;
  private final GgufSizes sizes;

  GgufConfig(GgufCheckpoint model, GgufTokens tokens) {
    this.model = model;
    this.tokens = tokens;
    this.metadata = model.metadata();
    this.sizes = model.sizes();
  }

  /** The fields and their values, as JSON knows them. */
  Map<String, Object> fields() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of(model.architecture().className()));
    config.put("model_type", model.architecture().modelType());
    addSizes(config);
    config.put("max_position_embeddings", sizes.required("context_length"));
    String epsilon = sizes.key("attention.layer_norm_rms_epsilon");
    config.put(
        "rms_norm_eps", metadata.number(epsilon).orElseThrow(() -> metadata.missing(epsilon)));
    config.put("tie_word_embeddings", !model.has("lm_head.weight"));
    config.put("attention_bias", model.has("model.layers.0.self_attn.q_proj.bias"));
    config.put("mlp_bias", model.has("model.layers.0.mlp.up_proj.bias"));
    addExperts(config);
    addWindow(config);
    new GgufRope(model).addTo(config);
    new GgufFactors(model).addTo(config);
    config.put("bos_token_id", tokens.id("bos").orElse(null));
    config.put("eos_token_id", tokens.id("eos").orElse(null));
    config.put("pad_token_id", tokens.id("padding").orElse(null));
    config.put("torch_dtype", "float32");
    return config;
  }

  /** llama.cpp has the shares of a token's experts sum to 1 in both architectures. */
  private void addExperts(Map<String, Object> config) {
    if (model.architecture().hasExperts()) {
      config.put("num_local_experts", sizes.required("expert_count"));
      config.put("num_experts_per_tok", sizes.required("expert_used_count"));
      config.put("norm_topk_prob", true);
      metadata
          .integer(sizes.key("expert_feed_forward_length"))
          .ifPresent(size -> config.put(fieldOfSize(), size));
    } else if (metadata.integer(sizes.key("expert_count")).orElse(0L) > 0) {
      throw new UnusableFileException(
          metadata.path()
              + " is a mixture of experts (expert_count), which the export knows as qwen3moe, granitemoe and gpt-oss, not as %s."
                  .formatted(model.architecture().key()));
    }
  }

  /** The field with the size of an expert. */
  private String fieldOfSize() {
    return model.architecture() == GgufArchitecture.GPT_OSS
        ? "intermediate_size"
        : "moe_intermediate_size";
  }

  private void addSizes(Map<String, Object> config) {
    config.put("vocab_size", model.get("model.embed_tokens.weight").shape().get(0));
    config.put("hidden_size", sizes.required("embedding_length"));
    config.put("intermediate_size", sizes.ofEachLayer("feed_forward_length"));
    config.put("num_hidden_layers", sizes.required("block_count"));
    config.put("num_attention_heads", sizes.heads());
    config.put("num_key_value_heads", sizes.keyValueHeads());
    config.put("head_dim", sizes.headSize());
  }

  /** A Llama with a sliding window is what transformers calls Mistral. */
  private void addWindow(Map<String, Object> config) {
    String key = sizes.key("attention.sliding_window");
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
            || model.architecture() == GgufArchitecture.QWEN3
            || model.architecture() == GgufArchitecture.QWEN3_MOE;
    if (isQwen) { // llama.cpp gives Qwen full attention
      config.put("use_sliding_window", false);
    } else {
      config.put("sliding_window", window > 0 ? window : null);
    }
  }
}

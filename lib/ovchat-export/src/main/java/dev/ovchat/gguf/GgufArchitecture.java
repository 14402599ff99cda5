package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The architectures of GGUF files that can be exported, and the names of their tensors. */
enum GgufArchitecture {
  /** Llama and Mistral. */
  LLAMA("llama", "llama", "LlamaForCausalLM"),
  QWEN2("qwen2", "qwen2", "Qwen2ForCausalLM"),
  QWEN3("qwen3", "qwen3", "Qwen3ForCausalLM"),
  QWEN3_MOE("qwen3moe", "qwen3_moe", "Qwen3MoeForCausalLM"),
  PHI3("phi3", "phi3", "Phi3ForCausalLM"),
  SMOLLM3("smollm3", "smollm3", "SmolLM3ForCausalLM"),
  GRANITE("granite", "granite", "GraniteForCausalLM"),
  GRANITE_MOE("granitemoe", "granitemoe", "GraniteMoeForCausalLM"),
  MINICPM("minicpm", "minicpm", "MiniCPMForCausalLM"),
  OLMO2("olmo2", "olmo2", "Olmo2ForCausalLM"),
  GPT_OSS("gpt-oss", "gpt_oss", "GptOssForCausalLM"),
  GEMMA2("gemma2", "gemma2", "Gemma2ForCausalLM"),
  GEMMA3("gemma3", "gemma3_text", "Gemma3ForCausalLM"),
  EXAONE4("exaone4", "exaone4", "Exaone4ForCausalLM"),
  HUNYUAN("hunyuan-dense", "hunyuan_v1_dense", "HunYuanDenseV1ForCausalLM");

  /** Architectures whose rows of query and key are in another order than transformers'. */
  private static final Set<GgufArchitecture> INTERLEAVED =
      EnumSet.of(LLAMA, SMOLLM3, GRANITE, GRANITE_MOE, MINICPM);

  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\.(\\w+)\\.(weight|bias)");

  private static final Map<String, String> OUTER =
      Map.of(
          "token_embd.weight", "model.embed_tokens.weight",
          "output_norm.weight", "model.norm.weight",
          "output.weight", "lm_head.weight");

  private static final Map<String, String> INNER =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_qkv", "self_attn.qkv_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("post_attention_norm", "post_attention_layernorm"),
          Map.entry("post_ffw_norm", "post_feedforward_layernorm"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"),
          Map.entry("ffn_gate_inp", "mlp.gate"),
          Map.entry("ffn_gate_exps", "mlp.experts.gate_proj"),
          Map.entry("ffn_up_exps", "mlp.experts.up_proj"),
          Map.entry("ffn_down_exps", "mlp.experts.down_proj"));

  private final String key;
  private final String modelType;
  private final String className;

  GgufArchitecture(String key, String modelType, String className) {
    this.key = key;
    this.modelType = modelType;
    this.className = className;
  }

  /**
   * The architecture that the metadata names.
   *
   * @throws UnusableFileException if it cannot be exported
   */
  static GgufArchitecture of(GgufMetadata metadata) {
    String name = metadata.requiredText("general.architecture");
    return Arrays.stream(values())
        .filter(known -> known.key().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UnusableFileException(
                    "%s is of the architecture %s; of GGUF files the export knows %s."
                        .formatted(
                            metadata.path(),
                            Excerpt.of(name),
                            Arrays.stream(values())
                                .map(GgufArchitecture::key)
                                .collect(Collectors.joining(", ")))));
  }

  /** The name in {@code general.architecture}, with which the keys of its metadata begin. */
  String key() {
    return key;
  }

  /** The name in transformers. */
  String modelType() {
    return modelType;
  }

  /** The class in transformers. */
  String className() {
    return className;
  }

  /** Returns whether the feed-forward parts are experts. */
  boolean hasExperts() {
    return this == QWEN3_MOE || this == GRANITE_MOE || this == GPT_OSS;
  }

  /** Returns whether the rows of query and key alternate between a head's two halves. */
  boolean interleavesHeads() {
    return INTERLEAVED.contains(this);
  }

  /** The name that transformers has for a tensor; empty for one that it has not. */
  Optional<String> nameOf(String tensor) {
    Matcher layer = LAYER.matcher(tensor);
    if (!layer.matches()) {
      return Optional.ofNullable(OUTER.get(tensor));
    }
    if (layer.group(2).equals("attn_sinks")) {
      return Optional.of("model.layers.%s.self_attn.sinks".formatted(layer.group(1)));
    }
    return Optional.ofNullable(module(layer.group(2)))
        .map(name -> "model.layers.%s.%s.%s".formatted(layer.group(1), name, layer.group(3)));
  }

  /** The module in transformers of a layer's tensor; null without one. */
  private String module(String tensor) {
    boolean isGemma = this == GEMMA2 || this == GEMMA3;
    if (isGemma && tensor.equals("ffn_norm")) {
      return "pre_feedforward_layernorm";
    }
    if (this == PHI3 && tensor.equals("ffn_up")) {
      return "mlp.gate_up_proj";
    }
    if (this == HUNYUAN && tensor.equals("attn_q_norm")) {
      return "self_attn.query_layernorm";
    }
    if (this == HUNYUAN && tensor.equals("attn_k_norm")) {
      return "self_attn.key_layernorm";
    }
    return INNER.get(tensor);
  }
}

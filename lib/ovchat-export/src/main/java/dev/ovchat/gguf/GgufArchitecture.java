package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The architectures of GGUF files that can be exported, and the names of their tensors. */
enum GgufArchitecture {
  /** Llama and Mistral. The rows of query and key are in another order than transformers'. */
  LLAMA("LlamaForCausalLM"),
  QWEN2("Qwen2ForCausalLM"),
  QWEN3("Qwen3ForCausalLM"),
  PHI3("Phi3ForCausalLM");

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
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"));

  private final String className;

  GgufArchitecture(String className) {
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
    return name().toLowerCase(Locale.ROOT);
  }

  /** The class in transformers. */
  String className() {
    return className;
  }

  /** Returns whether the rows of query and key alternate between a head's two halves. */
  boolean interleavesHeads() {
    return this == LLAMA;
  }

  /** The name that transformers has for a tensor; empty for one that it has not. */
  Optional<String> nameOf(String tensor) {
    Matcher layer = LAYER.matcher(tensor);
    if (!layer.matches()) {
      return Optional.ofNullable(OUTER.get(tensor));
    }
    String module =
        this == PHI3 && layer.group(2).equals("ffn_up")
            ? "mlp.gate_up_proj"
            : INNER.get(layer.group(2));
    return Optional.ofNullable(module)
        .map(name -> "model.layers.%s.%s.%s".formatted(layer.group(1), name, layer.group(3)));
  }
}

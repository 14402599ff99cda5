package dev.ovchat.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.CheckpointTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * HuggingFace checkpoints as GGUF files, as llama.cpp's converter makes them: other names, rows of
 * query and key that alternate in Llama's, its factors of the rotary embedding as a tensor.
 */
public final class AsGguf {
  private static final Map<String, Integer> TYPES = Map.of("F32", 0, "F16", 1, "BF16", 30);

  private static final Map<String, String> MODULES =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.qkv_proj", "attn_qkv"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("self_attn.query_layernorm", "attn_q_norm"),
          Map.entry("self_attn.key_layernorm", "attn_k_norm"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("pre_feedforward_layernorm", "ffn_norm"),
          Map.entry("post_feedforward_layernorm", "post_ffw_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.gate_up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("mlp.gate", "ffn_gate_inp"),
          Map.entry("mlp.experts.gate_proj", "ffn_gate_exps"),
          Map.entry("mlp.experts.up_proj", "ffn_up_exps"),
          Map.entry("mlp.experts.down_proj", "ffn_down_exps"));

  private static final Map<String, String> ARCHITECTURES =
      Map.of(
          "mistral", "llama",
          "gemma3_text", "gemma3",
          "hunyuan_v1_dense", "hunyuan-dense",
          "qwen3_moe", "qwen3moe",
          "gpt_oss", "gpt-oss");

  /** Those whose rows of query and key alternate. */
  private static final List<String> ALTERNATING =
      List.of("llama", "smollm3", "granite", "granitemoe", "minicpm");

  /** Those whose norm after attention goes by its own name. */
  private static final List<String> NORMS_AFTER =
      List.of("olmo2", "exaone4", "gemma2", "gemma3", "gpt-oss");

  private final JsonNode config;
  private final String architecture;
  private final GgufBuilder file = new GgufBuilder();

  private AsGguf(JsonNode config) {
    this.config = config;
    String type = config.path("model_type").asText();
    this.architecture = ARCHITECTURES.getOrDefault(type, type);
  }

  /** The file of a checkpoint, with a vocabulary of numbered tokens. */
  public static GgufBuilder of(Path checkpoint) throws IOException {
    AsGguf made =
        new AsGguf(new ObjectMapper().readTree(checkpoint.resolve("config.json").toFile()));
    made.addMetadata();
    made.addRope();
    made.addTokens();
    try (CheckpointTensors tensors = CheckpointTensors.open(checkpoint)) {
      for (String name : tensors.names()) {
        made.add(tensors, tensors.get(name));
      }
    }
    return made.file;
  }

  private int number(String field) {
    return config.path(field).asInt();
  }

  private int headSize() {
    return config.has("head_dim")
        ? number("head_dim")
        : number("hidden_size") / number("num_attention_heads");
  }

  private void put(String key, Object value) {
    file.with(architecture + "." + key, value);
  }

  private void addMetadata() {
    file.with("general.architecture", architecture).with("general.name", "a test's");
    put("embedding_length", number("hidden_size"));
    put("feed_forward_length", number("intermediate_size"));
    put("block_count", number("num_hidden_layers"));
    put("context_length", number("max_position_embeddings"));
    put("attention.head_count", number("num_attention_heads"));
    put("attention.head_count_kv", number("num_key_value_heads"));
    put("attention.key_length", headSize());
    put("attention.value_length", headSize());
    put("attention.layer_norm_rms_epsilon", (float) config.path("rms_norm_eps").asDouble());
    put("rope.dimension_count", rotated());
    put("rope.freq_base", (float) ropeBase());
    if (config.path("sliding_window").isInt()) {
      put("attention.sliding_window", number("sliding_window"));
    }
    if (architecture.endsWith("moe") || architecture.equals("gpt-oss")) {
      String count = config.has("num_experts") ? "num_experts" : "num_local_experts";
      put("expert_count", number(count));
      put("expert_used_count", number("num_experts_per_tok"));
    }
    if (config.has("moe_intermediate_size")) {
      put("expert_feed_forward_length", number("moe_intermediate_size"));
    }
    addFactors();
  }

  private void addFactors() {
    Map<String, String> names =
        Map.of(
            "attn_logit_softcapping", "attn_logit_softcapping",
            "final_logit_softcapping", "final_logit_softcapping",
            "embedding_multiplier", "embedding_scale",
            "residual_multiplier", "residual_scale",
            "attention_multiplier", "attention.scale",
            "logits_scaling", "logit_scale");
    names.forEach(
        (field, key) -> {
          if (config.path(field).isNumber()) {
            put(key, (float) config.path(field).asDouble());
          }
        });
    if (architecture.equals("minicpm")) {
      double depth = Math.sqrt(number("num_hidden_layers"));
      put("embedding_scale", (float) config.path("scale_emb").asDouble());
      put("residual_scale", (float) (config.path("scale_depth").asDouble() / depth));
      double base = config.path("dim_model_base").asDouble();
      put("logit_scale", (float) (number("hidden_size") / base));
    }
  }

  private int rotated() {
    double part =
        config
            .path("rope_parameters")
            .path("partial_rotary_factor")
            .asDouble(config.path("partial_rotary_factor").asDouble(1));
    return (int) (headSize() * part);
  }

  /** The base; HunYuan's alpha makes it larger. */
  private double ropeBase() {
    double base = config.path("rope_theta").asDouble(rope().path("rope_theta").asDouble(10_000));
    double alpha = rope().path("alpha").asDouble(1);
    return base * Math.pow(alpha, headSize() / (headSize() - 2.0));
  }

  private JsonNode rope() {
    return config.path(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
  }

  private void addRope() {
    JsonNode rope = rope();
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    if (type.equals("linear") || type.equals("yarn")) {
      put("rope.scaling.type", type);
      put("rope.scaling.factor", (float) rope.path("factor").asDouble());
      if (type.equals("yarn")) {
        String length = "original_max_position_embeddings";
        put("rope.scaling.original_context_length", rope.path(length).asInt());
      }
    } else if (type.equals("llama3")) {
      file.floats("rope_freqs.weight", new long[] {headSize() / 2}, llama3Factors(rope));
    } else if (type.equals("longrope")) {
      int original = number("original_max_position_embeddings");
      double longer = (double) number("max_position_embeddings") / original;
      put("rope.scaling.original_context_length", original);
      put("rope.scaling.attn_factor", (float) Math.sqrt(1 + Math.log(longer) / Math.log(original)));
      for (String length : List.of("short", "long")) {
        float[] factors = floats(rope.path(length + "_factor"));
        file.floats(
            "rope_factors_%s.weight".formatted(length), new long[] {factors.length}, factors);
      }
    }
  }

  private static float[] floats(JsonNode list) {
    float[] floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) list.get(i).asDouble();
    }
    return floats;
  }

  /** What the frequencies are divided by, as llama.cpp's converter computes it. */
  private float[] llama3Factors(JsonNode rope) {
    double original = rope.path("original_max_position_embeddings").asDouble();
    double low = original / rope.path("low_freq_factor").asDouble();
    double high = original / rope.path("high_freq_factor").asDouble();
    float[] factors = new float[headSize() / 2];
    for (int i = 0; i < factors.length; i++) {
      double wave = 2 * Math.PI * Math.pow(ropeBase(), 2.0 * i / headSize());
      double factor = rope.path("factor").asDouble();
      double smooth = (original / wave - 1) / (original / high - original / low);
      factors[i] =
          (float) (wave < high ? 1 : wave > low ? factor : 1 / ((1 - smooth) / factor + smooth));
    }
    return factors;
  }

  private void addTokens() {
    int count = number("vocab_size");
    file.with("tokenizer.ggml.model", "gpt2")
        .with("tokenizer.ggml.pre", "gpt-2")
        .with("tokenizer.ggml.tokens", IntStream.range(0, count).mapToObj(id -> "t" + id).toList())
        .with("tokenizer.ggml.merges", List.of())
        .with("tokenizer.ggml.bos_token_id", 1)
        .with("tokenizer.ggml.eos_token_id", 2);
  }

  private void add(CheckpointTensors tensors, CheckpointTensor tensor) {
    ByteBuffer mapped = tensors.map(tensor, 0, (int) tensor.byteCount());
    byte[] bytes = new byte[mapped.remaining()];
    mapped.get(bytes);
    boolean isQuery = tensor.name().contains(".q_proj.");
    if (ALTERNATING.contains(architecture) && (isQuery || tensor.name().contains(".k_proj."))) {
      bytes = alternating(bytes, number(isQuery ? "num_attention_heads" : "num_key_value_heads"));
    }
    if (architecture.startsWith("gemma") && tensor.name().endsWith("norm.weight")) {
      file.floats(fileName(tensor.name()), new long[] {bytes.length / 2}, plusOne(bytes));
      return;
    }
    if (tensor.name().contains(".experts.gate_up_proj.")) {
      addApart(tensor, bytes);
      return;
    }
    boolean isBias = tensor.name().endsWith("experts.down_proj.bias");
    file.tensor(
        fileName(tensor.name()),
        type(tensor),
        tensor.shape().stream()
            .filter(length -> !isBias || length != 1)
            .mapToLong(length -> length)
            .toArray(),
        bytes);
  }

  private static int type(CheckpointTensor tensor) {
    return tensor.blocks().isPresent() ? 39 : TYPES.get(tensor.type().name());
  }

  /** gpt-oss: rows of gate and up alternate in a checkpoint, and are apart in a file. */
  private void addApart(CheckpointTensor tensor, byte[] bytes) {
    long experts = tensor.shape().get(0);
    boolean isBias = tensor.name().endsWith("bias");
    long rows = tensor.shape().get(isBias ? 2 : 1);
    int row = (int) (bytes.length / (experts * rows));
    for (String part : List.of("gate_proj", "up_proj")) {
      byte[] apart = new byte[bytes.length / 2];
      for (int i = 0; i < experts * rows / 2; i++) {
        int from = 2 * i + (part.equals("up_proj") ? 1 : 0);
        System.arraycopy(bytes, from * row, apart, i * row, row);
      }
      file.tensor(
          fileName(tensor.name().replace("gate_up_proj", part)),
          type(tensor),
          isBias
              ? new long[] {experts, rows / 2}
              : new long[] {experts, rows / 2, tensor.shape().get(2)},
          apart);
    }
  }

  /** Gemma's norms add 1 to their weights, here BF16, which their files have done. */
  private static float[] plusOne(byte[] bytes) {
    float[] weights = new float[bytes.length / 2];
    for (int i = 0; i < weights.length; i++) {
      int bits = (bytes[2 * i + 1] & 0xff) << 24 | (bytes[2 * i] & 0xff) << 16;
      weights[i] = 1 + Float.intBitsToFloat(bits);
    }
    return weights;
  }

  private String fileName(String name) {
    String inFile = name(name);
    return NORMS_AFTER.contains(architecture) && name.contains(".post_attention_layernorm.")
        ? inFile.replace("ffn_norm", "post_attention_norm")
        : inFile;
  }

  /** The axis [heads, 2, half] of the rows as [heads, half, 2]. */
  private byte[] alternating(byte[] bytes, int heads) {
    int half = headSize() / 2;
    int row = bytes.length / (heads * 2 * half);
    byte[] alternating = new byte[bytes.length];
    for (int head = 0; head < heads; head++) {
      for (int part = 0; part < 2; part++) {
        for (int i = 0; i < half; i++) {
          int from = (head * 2 + part) * half + i;
          int to = (head * half + i) * 2 + part;
          System.arraycopy(bytes, from * row, alternating, to * row, row);
        }
      }
    }
    return alternating;
  }

  static String name(String name) {
    if (!name.startsWith("model.layers.")) {
      return name.replace("model.embed_tokens", "token_embd")
          .replace("model.norm", "output_norm")
          .replace("lm_head", "output");
    }
    String[] parts = name.split("\\.", 4);
    if (parts[3].equals("self_attn.sinks")) {
      return "blk." + parts[2] + ".attn_sinks.weight";
    }
    int end = parts[3].lastIndexOf('.');
    return "blk."
        + parts[2]
        + "."
        + MODULES.get(parts[3].substring(0, end))
        + parts[3].substring(end);
  }
}

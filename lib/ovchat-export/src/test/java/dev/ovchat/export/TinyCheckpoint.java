package dev.ovchat.export;

import dev.ovchat.checkpoint.HalfPrecision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Checkpoints of random weights in any shape, for tests to export and to damage. */
final class TinyCheckpoint {
  private static final int EXPERTS = 3;

  private final Map<String, String> config = new TreeMap<>();
  private final Map<String, long[]> tensors = new LinkedHashMap<>();
  private String type = "BF16";

  private TinyCheckpoint() {}

  /** Two layers, 16 numbers per token, two heads of 8, an own last layer. */
  static TinyCheckpoint of(String modelType) {
    TinyCheckpoint checkpoint = new TinyCheckpoint();
    checkpoint.config.put("model_type", "\"" + modelType + "\"");
    if (checkpoint.hasExperts()) {
      checkpoint
          .with("num_local_experts", EXPERTS)
          .with("num_experts_per_tok", 2)
          .with("moe_intermediate_size", 24);
    }
    return checkpoint
        .with("vocab_size", 12)
        .with("hidden_size", 16)
        .with("intermediate_size", 24)
        .with("num_hidden_layers", 2)
        .with("num_attention_heads", 2)
        .with("num_key_value_heads", 1)
        .with("head_dim", 8)
        .with("max_position_embeddings", 64)
        .with("sliding_window", "null");
  }

  /** Changes what config.json says; weights are of the shapes that it asks for. */
  TinyCheckpoint with(String field, Object json) {
    config.put(field, json.toString());
    return this;
  }

  TinyCheckpoint without(String field) {
    config.remove(field);
    return this;
  }

  /** Other weights: BF16, F16, F32, or what is none of them. */
  TinyCheckpoint ofType(String other) {
    type = other;
    return this;
  }

  Map<String, String> config() {
    return config;
  }

  /** Names and shapes of all tensors; a test may change them. */
  Map<String, long[]> tensors() {
    if (tensors.isEmpty()) {
      addTensors();
    }
    return tensors;
  }

  private void addTensors() {
    long hidden = number("hidden_size");
    tensors.put("model.embed_tokens.weight", new long[] {number("vocab_size"), hidden});
    for (int layer = 0; layer < number("num_hidden_layers"); layer++) {
      addLayer("model.layers." + layer + ".", hidden);
    }
    tensors.put("model.norm.weight", new long[] {hidden});
    if (!"true".equals(config.get("tie_word_embeddings"))) {
      tensors.put("lm_head.weight", new long[] {number("vocab_size"), hidden});
    }
  }

  private void addLayer(String layer, long hidden) {
    long queries = number("num_attention_heads") * number("head_dim");
    long keys = number("num_key_value_heads") * number("head_dim");
    long inner = number("intermediate_size");
    for (String norm : layerNorms()) {
      tensors.put(layer + norm + "_layernorm.weight", new long[] {hidden});
    }
    tensors.put(layer + "self_attn.o_proj.weight", new long[] {hidden, queries});
    if (!hasExperts()) {
      tensors.put(layer + "mlp.down_proj.weight", new long[] {hidden, inner});
    }
    if (modelType().equals("phi3")) {
      tensors.put(layer + "self_attn.qkv_proj.weight", new long[] {queries + 2 * keys, hidden});
      tensors.put(layer + "mlp.gate_up_proj.weight", new long[] {2 * inner, hidden});
      return;
    }
    Map<String, Long> projections = Map.of("q", queries, "k", keys, "v", keys);
    for (String name : projections.keySet().stream().sorted().toList()) {
      String projection = layer + "self_attn." + name + "_proj.";
      tensors.put(projection + "weight", new long[] {projections.get(name), hidden});
      if (modelType().equals("qwen2") || modelType().equals("gpt_oss")) {
        tensors.put(projection + "bias", new long[] {projections.get(name)});
      }
    }
    long head = number("head_dim");
    switch (modelType()) {
      case "qwen3", "qwen3_moe", "gemma3_text", "exaone4" ->
          addHeadNorms(layer, "q_norm", head, "k_norm", head);
      case "gpt_oss" -> {
        tensors.put(layer + "self_attn.o_proj.bias", new long[] {hidden});
        tensors.put(layer + "self_attn.sinks", new long[] {number("num_attention_heads")});
      }
      case "olmo2" -> addHeadNorms(layer, "q_norm", queries, "k_norm", keys);
      case "hunyuan_v1_dense" ->
          addHeadNorms(layer, "query_layernorm", head, "key_layernorm", head);
      default -> {}
    }
    if (hasExperts()) {
      addExperts(layer, inner, hidden);
      return;
    }
    tensors.put(layer + "mlp.gate_proj.weight", new long[] {inner, hidden});
    tensors.put(layer + "mlp.up_proj.weight", new long[] {inner, hidden});
  }

  private boolean hasExperts() {
    return modelType().endsWith("moe") || modelType().equals("gpt_oss");
  }

  private void addExperts(String layer, long inner, long hidden) {
    if (modelType().equals("gpt_oss")) {
      addExpertsWithBiases(layer + "mlp.", inner, hidden);
      return;
    }
    if (modelType().equals("granitemoe")) {
      String part = layer + "block_sparse_moe.";
      tensors.put(part + "input_linear.weight", new long[] {EXPERTS, 2 * inner, hidden});
      tensors.put(part + "output_linear.weight", new long[] {EXPERTS, hidden, inner});
      tensors.put(part + "router.layer.weight", new long[] {EXPERTS, hidden});
      return;
    }
    long own = number("moe_intermediate_size");
    tensors.put(layer + "mlp.gate.weight", new long[] {EXPERTS, hidden});
    for (int expert = 0; expert < EXPERTS; expert++) {
      String part = "%smlp.experts.%s.".formatted(layer, expert);
      tensors.put(part + "gate_proj.weight", new long[] {own, hidden});
      tensors.put(part + "up_proj.weight", new long[] {own, hidden});
      tensors.put(part + "down_proj.weight", new long[] {hidden, own});
    }
  }

  private void addExpertsWithBiases(String part, long inner, long hidden) {
    tensors.put(part + "experts.gate_up_proj", new long[] {EXPERTS, hidden, 2 * inner});
    tensors.put(part + "experts.gate_up_proj_bias", new long[] {EXPERTS, 2 * inner});
    tensors.put(part + "experts.down_proj", new long[] {EXPERTS, inner, hidden});
    tensors.put(part + "experts.down_proj_bias", new long[] {EXPERTS, hidden});
    tensors.put(part + "router.weight", new long[] {EXPERTS, hidden});
    tensors.put(part + "router.bias", new long[] {EXPERTS});
  }

  private void addHeadNorms(String layer, String query, long queries, String key, long keys) {
    tensors.put(layer + "self_attn." + query + ".weight", new long[] {queries});
    tensors.put(layer + "self_attn." + key + ".weight", new long[] {keys});
  }

  private List<String> layerNorms() {
    return switch (modelType()) {
      case "gemma2", "gemma3_text" ->
          List.of("input", "post_attention", "pre_feedforward", "post_feedforward");
      case "olmo2", "exaone4" -> List.of("post_attention", "post_feedforward");
      default -> List.of("input", "post_attention");
    };
  }

  private String modelType() {
    return config.get("model_type").replace("\"", "");
  }

  private long number(String field) {
    return Long.parseLong(config.get(field));
  }

  /** Writes the checkpoint with random weights. */
  Path writeTo(Path folder) throws IOException {
    byte[] header = header();
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + header.length + (int) weightBytes())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    Random random = new Random(7);
    while (file.hasRemaining()) {
      put(file, (float) random.nextGaussian() / 8);
    }
    writeOthers(folder);
    Files.write(folder.resolve("model.safetensors"), file.array());
    return folder;
  }

  private void put(ByteBuffer file, float weight) {
    switch (type) {
      case "F32" -> file.putFloat(weight);
      case "F16" -> file.putShort(HalfPrecision.fromFloat(weight));
      case "BF16" -> file.putShort((short) (Float.floatToRawIntBits(weight) >>> 16));
      default -> file.put((byte) 1);
    }
  }

  /** The files beside the weights. */
  Path writeOthers(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}
        """);
    return writeConfig(folder);
  }

  Path writeConfig(Path folder) throws IOException {
    String fields =
        config.entrySet().stream()
            .map(field -> "\"%s\": %s".formatted(field.getKey(), field.getValue()))
            .collect(Collectors.joining(",\n  "));
    Files.writeString(folder.resolve("config.json"), "{\n  " + fields + "\n}\n");
    return folder;
  }

  /** What stands before the weights, without its length. */
  byte[] header() {
    StringBuilder header = new StringBuilder("{");
    long offset = 0;
    for (Map.Entry<String, long[]> tensor : tensors().entrySet()) {
      long end = offset + elements(tensor.getValue()) * bytes();
      header
          .append(offset == 0 ? "" : ",")
          .append("\"%s\":{\"dtype\":\"%s\",\"shape\":".formatted(tensor.getKey(), type))
          .append(java.util.Arrays.toString(tensor.getValue()))
          .append(String.format(Locale.ROOT, ",\"data_offsets\":[%d,%d]}", offset, end));
      offset = end;
    }
    return header.append("}").toString().getBytes(StandardCharsets.UTF_8);
  }

  long weightBytes() {
    return tensors().values().stream().mapToLong(TinyCheckpoint::elements).sum() * bytes();
  }

  private int bytes() {
    return type.equals("F32") ? 4 : type.endsWith("16") ? 2 : 1;
  }

  private static long elements(long[] shape) {
    return java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}

package dev.ovchat.gguf;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rotary embedding's fields of {@code config.json}, out of a GGUF file. Factors of the
 * frequencies are tensors there; to transformers they are the longrope's.
 */
final class GgufRope {
  private static final String FACTORS = "rope_freqs.weight";
  private static final String SHORT_FACTORS = "rope_factors_short.weight";
  private static final String LONG_FACTORS = "rope_factors_long.weight";

  /** Tensors that become fields. */
  static final Set<String> TENSORS = Set.of(FACTORS, SHORT_FACTORS, LONG_FACTORS);

  private static final String ORIGINAL_LENGTH = "original_max_position_embeddings";

  private final GgufCheckpoint model;
  private final GgufMetadata metadata;
  private final GgufSizes sizes;

  GgufRope(GgufCheckpoint model) {
    this.model = model;
    this.metadata = model.metadata();
    this.sizes = model.sizes();
  }

  /** Adds the fields to a config that has {@code max_position_embeddings}. */
  void addTo(Map<String, Object> config) {
    config.put("rope_theta", metadata.number(sizes.key("rope.freq_base")).orElse(10_000));
    if (rotated() != sizes.headSize()) {
      config.put("partial_rotary_factor", (double) rotated() / sizes.headSize());
    }
    metadata
        .integer(sizes.key("rope.scaling.original_context_length"))
        .ifPresent(length -> config.put(ORIGINAL_LENGTH, length));
    Map<String, Object> scaling = scaling(config);
    if (!scaling.isEmpty()) {
      config.put("rope_scaling", scaling);
    }
  }

  /** Number of dimensions of a head that are rotated. */
  private int rotated() {
    String key = sizes.key("rope.dimension_count");
    int head = sizes.headSize();
    long rotated = metadata.integer(key).orElse((long) head);
    if (model.architecture().interleavesHeads() && rotated != head) { // in an order of whole heads
      throw metadata.wrong(key, "the size of a head, " + head, rotated);
    }
    if (rotated < 2 || rotated > head || rotated % 2 != 0) {
      throw metadata.wrong(key, "an even number from 2 to the size of a head, " + head, rotated);
    }
    return (int) rotated;
  }

  private Map<String, Object> scaling(Map<String, Object> config) {
    if (model.has(SHORT_FACTORS) || model.has(LONG_FACTORS)) { // Phi-3 with a long context
      Map<String, Object> rope = longrope(factors(SHORT_FACTORS), factors(LONG_FACTORS));
      metadata
          .number(sizes.key("rope.scaling.attn_factor"))
          .ifPresent(factor -> rope.put("attention_factor", factor));
      return rope;
    }
    if (model.has(FACTORS)) { // Llama 3.1 and later: one factor for each frequency
      List<Object> factors = factors(FACTORS);
      Map<String, Object> rope = longrope(factors, factors);
      rope.put("attention_factor", 1.0);
      config.putIfAbsent(ORIGINAL_LENGTH, config.get("max_position_embeddings"));
      return rope;
    }
    String type = metadata.text(sizes.key("rope.scaling.type")).orElse("linear");
    Number factor = scalingFactor();
    boolean isLinearByOne = type.equals("linear") && factor.doubleValue() == 1;
    if (type.equals("none") || type.equals("longrope") || isLinearByOne) {
      return Map.of(); // longrope is in use with its factors alone
    }
    Map<String, Object> rope = new LinkedHashMap<>();
    rope.put("rope_type", type);
    rope.put("factor", factor);
    if (config.containsKey(ORIGINAL_LENGTH)) {
      rope.put(ORIGINAL_LENGTH, config.get(ORIGINAL_LENGTH));
    }
    return rope;
  }

  /** The factor, which older files have under another key; 0 stands for none, as in llama.cpp. */
  private Number scalingFactor() {
    return metadata
        .number(sizes.key("rope.scaling.factor"))
        .or(() -> metadata.number(sizes.key("rope.scale_linear")))
        .filter(factor -> factor.doubleValue() != 0)
        .orElse(1);
  }

  private static Map<String, Object> longrope(List<Object> shortOnes, List<Object> longOnes) {
    Map<String, Object> rope = new LinkedHashMap<>();
    rope.put("rope_type", "longrope");
    rope.put("short_factor", shortOnes);
    rope.put("long_factor", longOnes);
    return rope;
  }

  private List<Object> factors(String name) {
    CheckpointTensor tensor = model.get(name);
    float[] factors = new float[rotated() / 2];
    if (!tensor.shape().equals(List.of((long) factors.length))) {
      throw new UnusableFileException(
          "%s: the tensor %s has the shape %s; by its metadata it would have [%s], one factor for two dimensions of a head%s"
              .formatted(model.path(), name, tensor.shape(), factors.length, StrictJson.AGAIN));
    }
    WeightReader.of(tensor, factors.length)
        .read(model.map(tensor, 0, (int) tensor.byteCount()), factors, factors.length);
    List<Object> values = new ArrayList<>();
    for (float factor : factors) {
      values.add(factor);
    }
    return values;
  }
}

package dev.ovchat.gguf;

import dev.ovchat.files.UnusableFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings that some architectures alone have in {@code config.json}: factors of the graph, out of
 * the metadata of a GGUF file, or as llama.cpp has them in its code.
 */
final class GgufFactors {
  /** The layers of the largest models of a family, by which llama.cpp knows them. */
  private static final int GEMMA2_27B = 46;

  private static final int GEMMA3_27B = 62;
  private static final int EXAONE4_32B = 64;

  private final GgufMetadata metadata;
  private final GgufSizes sizes;
  private final GgufArchitecture architecture;

  GgufFactors(GgufCheckpoint model) {
    this.metadata = model.metadata();
    this.sizes = model.sizes();
    this.architecture = model.architecture();
  }

  /** Adds the fields to a config that has its sizes and its sliding window. */
  void addTo(Map<String, Object> config) {
    config.put("hidden_act", "silu");
    switch (architecture) {
      case GRANITE, GRANITE_MOE -> {
        refuseWithoutRotation();
        addGranite(config);
      }
      case MINICPM -> addMiniCpm(config);
      case GEMMA2 -> {
        config.putIfAbsent("sliding_window", 4096);
        addGemma(config, GEMMA2_27B);
        config.put("attn_logit_softcapping", softCap("attn_logit_softcapping", 50));
        config.put("final_logit_softcapping", softCap("final_logit_softcapping", 30));
      }
      case GEMMA3 -> {
        config.put("sliding_window", sizes.required("attention.sliding_window"));
        addGemma(config, GEMMA3_27B);
        config.put("final_logit_softcapping", softCap("final_logit_softcapping", 0));
        config.put("rope_local_base_freq", number("rope.freq_base_swa", 10_000));
        addWindowPattern(config);
      }
      case EXAONE4 -> {
        if (layers() == EXAONE4_32B) { // the only one with windows
          config.putIfAbsent("sliding_window", 4096);
          addWindowPattern(config);
        } else {
          config.put("sliding_window", null);
        }
      }
      case OLMO2 -> {
        Object window = config.get("sliding_window");
        if (window != null) { // OLMo 3 goes by the same name
          throw metadata.wrong(
              sizes.key("attention.sliding_window"), "0, as OLMo 2 has no windows", window);
        }
      }
      case GPT_OSS -> { // as transformers has it, in whose config llama.cpp's converter finds it
        if (config.get("rope_scaling") instanceof Map<?, ?> given) {
          Map<String, Object> scaling = new LinkedHashMap<>();
          given.forEach((field, value) -> scaling.put((String) field, value));
          scaling.put("truncate", false);
          config.put("rope_scaling", scaling);
        }
      }
      default -> {}
    }
  }

  /**
   * Adds which layers have windows, where the file says so: all but each of a number, or a list.
   */
  private void addWindowPattern(Map<String, Object> config) {
    String key = sizes.key("attention.sliding_window_pattern");
    if (metadata.entries().get(key) instanceof List<?> layers) {
      config.put(
          "layer_types",
          layers.stream()
              .map(isSliding -> isNo(isSliding) ? "full_attention" : "sliding_attention")
              .toList());
    } else if (metadata.has(key)) {
      config.put("sliding_window_pattern", metadata.size(key));
    }
  }

  private static boolean isNo(Object value) {
    return value.equals(false) || (value instanceof Number number && number.longValue() == 0);
  }

  /** llama.cpp takes this entry for a switch in a Granite, of which no known model makes use. */
  private void refuseWithoutRotation() {
    String key = sizes.key("rope.scaling.finetuned");
    if (!metadata.truth(key, true)) {
      throw metadata.wrong(key, "true, as without it no layer would have positions", false);
    }
  }

  private int layers() {
    return sizes.required("block_count");
  }

  private void addGranite(Map<String, Object> config) {
    config.put("logits_scaling", required("logit_scale"));
    config.put("embedding_multiplier", factor("embedding_scale", 1));
    config.put("residual_multiplier", factor("residual_scale", 1));
    config.put("attention_multiplier", factor("attention.scale", 1 / Math.sqrt(sizes.headSize())));
  }

  /** The fields of MiniCPM's own code, from which it computes these factors. */
  private void addMiniCpm(Map<String, Object> config) {
    String first = sizes.key("embedding_scale");
    if (!metadata.has(first)) {
      throw new UnusableFileException(
          "%s was converted before GGUF files of MiniCPM had its factors (%s); take a newer file of the model."
              .formatted(metadata.path(), first));
    }
    config.put("scale_emb", required("embedding_scale"));
    config.put("scale_depth", required("residual_scale").doubleValue() * Math.sqrt(layers()));
    config.put(
        "dim_model_base",
        sizes.required("embedding_length") / required("logit_scale").doubleValue());
  }

  private void addGemma(Map<String, Object> config, int largest) {
    config.put("hidden_act", "gelu_pytorch_tanh");
    config.put("hidden_activation", "gelu_pytorch_tanh");
    config.put(
        "query_pre_attn_scalar",
        layers() == largest
            ? sizes.required("embedding_length") / sizes.heads()
            : sizes.headSize());
  }

  private Number required(String name) {
    String key = sizes.key(name);
    return metadata.number(key).orElseThrow(() -> metadata.missing(key));
  }

  private Number number(String name, double otherwise) {
    return metadata.number(sizes.key(name)).orElse(otherwise);
  }

  /** A factor; llama.cpp takes 0 for none. */
  private Number factor(String name, double otherwise) {
    return metadata
        .number(sizes.key(name))
        .filter(factor -> factor.doubleValue() != 0)
        .orElse(otherwise);
  }

  /** A soft cap, or null for none. */
  private Number softCap(String name, double otherwise) {
    Number cap = number(name, otherwise);
    return cap.doubleValue() == 0 ? null : cap;
  }
}

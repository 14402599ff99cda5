package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.JsonFile;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The architectures that can be exported, under transformers' names, and their differences: the
 * defaults of {@code config.json}, and which of its fields count.
 *
 * <p>A new architecture of this kind is another constant. It overrides the methods that differ, as
 * transformers' {@code configuration_NAME.py} and {@code modeling_NAME.py} define them; {@code
 * lib/CONTRIBUTING.md} says what else belongs to it.
 */
public enum Architecture {
  /** Phi-3 and Phi-3.5, mini and medium. */
  PHI3 {
    @Override
    boolean fusesProjections() {
      return true;
    }

    @Override
    double defaultRmsNormEps() {
      return 1e-5;
    }

    @Override
    List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
      return Collections.nCopies(layers, window(json));
    }

    @Override
    String ropeType(String type) { // what longrope was called before
      return type.equals("su") || type.equals("yarn") ? "longrope" : type;
    }

    @Override
    int defaultOriginalMaxPositions(int maxPositions) {
      return 4096;
    }
  },

  /** Llama 2 and 3. */
  LLAMA {
    @Override
    boolean queryKeyValueBias(boolean attentionBias) {
      return attentionBias;
    }

    @Override
    boolean attentionOutputBias(boolean attentionBias) {
      return attentionBias;
    }

    @Override
    boolean feedForwardBias(boolean mlpBias) {
      return mlpBias;
    }
  },

  /** Mistral 7B. */
  MISTRAL {
    @Override
    int defaultKeyValueHeads(int attentionHeads) {
      return 8;
    }

    @Override
    List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
      return Collections.nCopies(
          layers, json.root().has("sliding_window") ? window(json) : Optional.of(4096));
    }
  },

  /** Qwen2 and Qwen2.5. A window may be switched off, and the lower layers have none. */
  QWEN2 {
    @Override
    int defaultKeyValueHeads(int attentionHeads) {
      return 32;
    }

    @Override
    boolean queryKeyValueBias(boolean attentionBias) {
      return true;
    }

    @Override
    List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
      return windowsOfUpperLayers(json, layers);
    }
  },

  /** Qwen3. Its heads are normalized, and as wide as it says; its windows are those of Qwen2. */
  QWEN3 {
    @Override
    int defaultKeyValueHeads(int attentionHeads) {
      return 32;
    }

    @Override
    Optional<Integer> defaultHeadDim() {
      return Optional.of(128);
    }

    @Override
    boolean queryKeyValueBias(boolean attentionBias) {
      return attentionBias;
    }

    @Override
    boolean attentionOutputBias(boolean attentionBias) {
      return attentionBias;
    }

    @Override
    boolean normalizesHeads() {
      return true;
    }

    @Override
    List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
      return windowsOfUpperLayers(json, layers);
    }
  };

  private static final List<String> LAYER_TYPES = List.of("full_attention", "sliding_attention");

  /** The architecture that a config names. */
  static Optional<Architecture> of(JsonFile json) {
    String type = modelType(json);
    return Arrays.stream(values()).filter(known -> known.modelType().equals(type)).findFirst();
  }

  /**
   * The architecture's name in a config. Mistral with {@code layer_types} is another architecture,
   * ministral, as in transformers' AutoConfig.
   */
  static String modelType(JsonFile json) {
    String type = json.text("model_type", "unknown");
    return type.equals("mistral") && json.root().has("layer_types") ? "ministral" : type;
  }

  /** The names of all architectures, for messages. */
  static String names() {
    return Arrays.stream(values()).map(Architecture::modelType).collect(Collectors.joining(", "));
  }

  /** The name in {@code config.json}. */
  String modelType() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns whether query, key and value are one matrix in the checkpoint, and gate and up as well.
   */
  boolean fusesProjections() {
    return false;
  }

  /** {@code rms_norm_eps} where the config says nothing. */
  double defaultRmsNormEps() {
    return 1e-6;
  }

  /** {@code num_key_value_heads} where the config does not have the field. */
  int defaultKeyValueHeads(int attentionHeads) {
    return attentionHeads;
  }

  /** {@code head_dim} where the config says nothing; empty for hidden size / query heads. */
  Optional<Integer> defaultHeadDim() {
    return Optional.empty();
  }

  /** Returns whether the query, key and value projections add a bias. */
  boolean queryKeyValueBias(boolean attentionBias) {
    return false;
  }

  /** Returns whether the output projection of attention adds a bias. */
  boolean attentionOutputBias(boolean attentionBias) {
    return false;
  }

  /** Returns whether each query and key head has an RMS norm before the rotary embedding. */
  boolean normalizesHeads() {
    return false;
  }

  /** Returns whether the projections of the feed-forward part add a bias. */
  boolean feedForwardBias(boolean mlpBias) {
    return false;
  }

  /** The sliding window of each layer, in tokens; empty where a layer has full attention. */
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    window(json); // refused where it is not a number, here too
    return Collections.nCopies(layers, Optional.empty());
  }

  /** The {@code rope_type} that a name stands for. */
  String ropeType(String type) {
    return type;
  }

  /** {@code original_max_position_embeddings} where the config says nothing. */
  int defaultOriginalMaxPositions(int maxPositions) {
    return maxPositions;
  }

  private static Optional<Integer> window(JsonFile json) {
    return json.value("sliding_window").map(any -> json.size("sliding_window"));
  }

  /** Qwen's windows: they may be switched off, and the lower layers have none. */
  private static List<Optional<Integer>> windowsOfUpperLayers(JsonFile json, int layers) {
    Optional<Integer> given = window(json); // refused where it is not a number, here too
    boolean isSwitchedOff = !json.truth("use_sliding_window", false);
    boolean isNull = json.root().has("sliding_window") && given.isEmpty();
    JsonNode types = layerTypes(json, layers);
    if (isSwitchedOff || isNull) {
      for (JsonNode type : types) {
        if (type.asText().equals("sliding_attention")) {
          throw json.wrong(
              "layer_types", "all full_attention, as no sliding window is in use,", types);
        }
      }
      return Collections.nCopies(layers, Optional.empty());
    }
    Optional<Integer> window = given.or(() -> Optional.of(4096));
    int first = json.integer("max_window_layers").orElse(28);
    return IntStream.range(0, layers)
        .mapToObj(
            layer ->
                types.has(layer)
                    ? types.get(layer).asText().equals("sliding_attention")
                    : layer >= first)
        .map(isLimited -> isLimited ? window : Optional.<Integer>empty())
        .toList();
  }

  /**
   * The attention type of each layer, checked as strictly as in transformers; a missing node where
   * the config gives none.
   */
  private static JsonNode layerTypes(JsonFile json, int layers) {
    String field = "layer_types";
    json.value(field)
        .ifPresent(
            types -> {
              boolean areKnown =
                  StreamSupport.stream(types.spliterator(), false)
                      .allMatch(type -> LAYER_TYPES.contains(type.asText()));
              if (types.size() != layers || !areKnown) {
                throw json.wrong(
                    field,
                    String.format(Locale.ROOT, "a list of %d out of %s", layers, LAYER_TYPES),
                    types);
              }
            });
    return json.root().path(field);
  }
}

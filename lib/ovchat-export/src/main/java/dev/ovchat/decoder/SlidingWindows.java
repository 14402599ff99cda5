package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.JsonFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** The sliding windows of a decoder's layers, as several architectures read them. */
final class SlidingWindows {
  private static final String SLIDING = "sliding_attention";
  private static final List<String> LAYER_TYPES = List.of("full_attention", SLIDING);

  private SlidingWindows() {}

  /** The field {@code sliding_window}; empty where it is missing or null. */
  static Optional<Integer> field(JsonFile json) {
    return json.value("sliding_window").map(any -> json.size("sliding_window"));
  }

  /** The same; {@code otherwise} where it is missing. */
  static Optional<Integer> field(JsonFile json, int otherwise) {
    return json.root().has("sliding_window") ? field(json) : Optional.of(otherwise);
  }

  /**
   * Windows of the layers that {@code layer_types} calls sliding, or where there is no such list,
   * of those that the architecture calls so.
   *
   * @param window the window, if one is in use
   */
  static List<Optional<Integer>> byType(
      JsonFile json, int layers, Optional<Integer> window, LayerChoice otherwise) {
    JsonNode types = layerTypes(json, layers);
    boolean[] isSliding = new boolean[layers];
    for (int layer = 0; layer < layers; layer++) {
      isSliding[layer] =
          types.has(layer) ? types.get(layer).asText().equals(SLIDING) : otherwise.includes(layer);
      if (isSliding[layer] && types.has(layer) && window.isEmpty()) {
        throw json.wrong(
            "layer_types", "all full_attention, as no sliding window is in use,", types);
      }
    }
    return IntStream.range(0, layers)
        .mapToObj(layer -> isSliding[layer] ? window : Optional.<Integer>empty())
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

  /** Some of the layers. */
  interface LayerChoice {
    /** Returns whether a layer is one of them; layers count from 0. */
    boolean includes(int layer);
  }
}

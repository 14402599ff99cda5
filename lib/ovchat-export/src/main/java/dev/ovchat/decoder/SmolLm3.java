package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.JsonFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** SmolLM3: Llama with layers that rotate nothing, each fourth by default. */
final class SmolLm3 extends Llama {
  SmolLm3() {
    super("smollm3");
  }

  @Override
  Set<String> ownFields() {
    return Set.of("no_rope_layers");
  }

  @Override
  int defaultKeyValueHeads(int attentionHeads) {
    return 4;
  }

  @Override
  boolean defaultTieWordEmbeddings() {
    return true;
  }

  @Override
  double defaultRopeTheta() {
    return 2_000_000;
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    Optional<Integer> window = SlidingWindows.field(json);
    boolean isUsed = json.truth("use_sliding_window", false);
    return SlidingWindows.byType(
        json, layers, window, layer -> isUsed && !rotates(json, layers, layer));
  }

  @Override
  List<Optional<RopeConfig>> layerRopes(
      JsonFile json, RopeConfig rope, DecoderSizes sizes, List<Optional<Integer>> windows) {
    return IntStream.range(0, sizes.layers())
        .mapToObj(layer -> Optional.of(rope).filter(any -> rotates(json, sizes.layers(), layer)))
        .toList();
  }

  private static boolean rotates(JsonFile json, int layers, int layer) {
    String field = "no_rope_layers"; // 1 for those that have it, in spite of its name
    JsonNode rotating = json.root().path(field);
    if (json.value(field).isEmpty()) {
      String interval = "no_rope_layer_interval";
      return (layer + 1) % (json.value(interval).isPresent() ? json.size(interval) : 4) != 0;
    }
    if (rotating.size() < layers || !rotating.path(layer).isInt()) {
      throw json.wrong(
          field,
          String.format(
              Locale.ROOT, "a list of %d numbers, 1 for a layer that rotates, else 0,", layers),
          rotating);
    }
    return rotating.path(layer).intValue() != 0;
  }
}

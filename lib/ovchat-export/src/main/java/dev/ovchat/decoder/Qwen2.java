package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.List;
import java.util.Optional;

/**
 * Qwen2 and Qwen2.5: biases for query, key and value, and a window that may be switched off, which
 * the lower layers do not have.
 */
class Qwen2 extends Architecture {
  Qwen2() {
    this("qwen2");
  }

  Qwen2(String modelType) {
    super(modelType);
  }

  @Override
  int defaultKeyValueHeads(int attentionHeads) {
    return 32;
  }

  @Override
  boolean queryKeyValueBias(boolean attentionBias) {
    return true;
  }

  @Override
  boolean attentionOutputBias(boolean attentionBias) {
    return false;
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    Optional<Integer> given = SlidingWindows.field(json);
    boolean isSwitchedOff = !json.truth("use_sliding_window", false);
    boolean isNull = json.root().has("sliding_window") && given.isEmpty();
    if (isSwitchedOff || isNull) {
      return SlidingWindows.byType(json, layers, Optional.empty(), layer -> false);
    }
    int first = json.integer("max_window_layers").orElse(28);
    return SlidingWindows.byType(
        json, layers, given.or(() -> Optional.of(4096)), layer -> layer >= first);
  }
}

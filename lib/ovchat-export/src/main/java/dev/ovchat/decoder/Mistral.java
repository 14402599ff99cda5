package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Mistral 7B: one window for all layers, and no biases. */
class Mistral extends Architecture {
  Mistral() {
    this("mistral");
  }

  Mistral(String modelType) {
    super(modelType);
  }

  @Override
  int defaultKeyValueHeads(int attentionHeads) {
    return 8;
  }

  @Override
  boolean hasAttentionBias() {
    return false;
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    return Collections.nCopies(layers, SlidingWindows.field(json, 4096));
  }
}

package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Phi-3, Phi-3.5 and Phi-4-mini. Their projections are fused. */
final class Phi3 extends Architecture {
  Phi3() {
    super("phi3");
  }

  @Override
  public boolean fusesProjections() {
    return true;
  }

  @Override
  double defaultRmsNormEps() {
    return 1e-5;
  }

  @Override
  boolean hasAttentionBias() {
    return false;
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    return Collections.nCopies(layers, SlidingWindows.field(json));
  }

  @Override
  boolean rotatesInPart() {
    return true;
  }

  @Override
  String ropeType(String type) { // what longrope was called before
    return type.equals("su") || type.equals("yarn") ? "longrope" : type;
  }

  @Override
  int defaultOriginalMaxPositions(int maxPositions) {
    return 4096;
  }
}

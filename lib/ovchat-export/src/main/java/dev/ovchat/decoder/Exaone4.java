package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.List;
import java.util.Optional;

/**
 * EXAONE 4: norms after attention and feed-forward part, normalized heads, and where layers have
 * windows, a rotary embedding for those alone.
 */
final class Exaone4 extends Architecture {
  Exaone4() {
    super("exaone4");
  }

  @Override
  double defaultRmsNormEps() {
    return 1e-5;
  }

  @Override
  int defaultKeyValueHeads(int attentionHeads) {
    return 32;
  }

  @Override
  boolean hasAttentionBias() {
    return false;
  }

  @Override
  public LayerNorms layerNorms() {
    return LayerNorms.AFTER;
  }

  @Override
  public HeadNorms headNorms() {
    return HeadNorms.EACH;
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    Optional<Integer> window = ownWindow(json);
    return SlidingWindows.byType(
        json, layers, window, layer -> window.isPresent() && (layer + 1) % pattern(json) != 0);
  }

  private static Optional<Integer> ownWindow(JsonFile json) {
    return SlidingWindows.field(json, 4096);
  }

  private static int pattern(JsonFile json) {
    String field = "sliding_window_pattern";
    return json.value(field).isPresent() ? json.size(field) : 4;
  }

  @Override
  List<Optional<RopeConfig>> layerRopes(
      JsonFile json, RopeConfig rope, DecoderSizes sizes, List<Optional<Integer>> windows) {
    boolean allRotate = ownWindow(json).isEmpty();
    return windows.stream()
        .map(window -> Optional.of(rope).filter(any -> allRotate || window.isPresent()))
        .toList();
  }
}

package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.JsonFile;
import java.util.List;
import java.util.Optional;

/**
 * The text model of Gemma 3: Gemma 2 whose heads are normalized, with full attention in each sixth
 * layer, a rotary embedding of its own where there is a window, and no soft caps.
 */
final class Gemma3 extends Gemma2 {
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  Gemma3() {
    super("gemma3_text");
  }

  @Override
  public HeadNorms headNorms() {
    return HeadNorms.EACH;
  }

  @Override
  Factors factors(JsonFile json, DecoderSizes sizes) {
    return super.factors(json, sizes)
        .scoreCap(0) // a field that transformers does not use
        .logitCap(softCap(json, "final_logit_softcapping", 0));
  }

  @Override
  int windowPattern(JsonFile json) {
    String field = "sliding_window_pattern";
    return json.value(field).isPresent() ? json.size(field) : 6;
  }

  @Override
  double defaultRopeTheta() {
    return 1_000_000;
  }

  /** The fields for full attention, and over them {@code rope_scaling}. */
  @Override
  JsonFile ropeFields(JsonFile json) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    ropeParameters(json, FULL).ifPresent(own -> fields.setAll((ObjectNode) own.root()));
    ropeScaling(json).ifPresent(scaling -> fields.setAll((ObjectNode) scaling.root()));
    return new JsonFile(json.path(), fields);
  }

  private static Optional<JsonFile> ropeParameters(JsonFile json, String layerType) {
    return json.object("rope_parameters").flatMap(fields -> fields.object(layerType));
  }

  @Override
  List<Optional<RopeConfig>> layerRopes(
      JsonFile json, RopeConfig rope, DecoderSizes sizes, List<Optional<Integer>> windows) {
    JsonFile local = ropeParameters(json, SLIDING).orElseGet(() -> JsonFile.empty(json.path()));
    RopeConfig ofWindows = RopeConfig.of(local, json, this, "rope_local_base_freq", 10_000);
    return windows.stream()
        .map(window -> Optional.of(window.isPresent() ? ofWindows : rope))
        .toList();
  }
}

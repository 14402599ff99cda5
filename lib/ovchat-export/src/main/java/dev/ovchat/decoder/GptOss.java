package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * gpt-oss: experts with biases and bounds, heads with sinks, and a sliding window in every other
 * layer. As it is published, the experts' matrices are quantized by OCP's MXFP4.
 */
final class GptOss extends Architecture {
  GptOss() {
    super("gpt_oss");
  }

  @Override
  Set<String> ownFields() {
    return Set.of("num_local_experts");
  }

  @Override
  boolean readsQuantized(String method) {
    return method.equals("mxfp4");
  }

  @Override
  double defaultRmsNormEps() {
    return 1e-5;
  }

  @Override
  int defaultKeyValueHeads(int attentionHeads) {
    return 8;
  }

  @Override
  Optional<Integer> defaultHeadDim() {
    return Optional.of(64);
  }

  @Override
  boolean defaultAttentionBias() {
    return true;
  }

  @Override
  public boolean hasSinks() {
    return true;
  }

  @Override
  List<Optional<Experts>> experts(JsonFile json, int layers) {
    Experts experts = Experts.read(json, 128, 4, json.size("intermediate_size"), true).clamped();
    return Collections.nCopies(layers, Optional.of(experts));
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    return SlidingWindows.byType(
        json, layers, SlidingWindows.field(json, 128), layer -> layer % 2 == 0);
  }

  @Override
  double defaultRopeTheta() {
    return 150_000;
  }

  /** The config's fields; where it says nothing, the published models' own. */
  @Override
  JsonFile ropeFields(JsonFile json) {
    boolean isGiven = ropeScaling(json).isPresent() || json.value("rope_parameters").isPresent();
    if (isGiven) {
      return super.ropeFields(json);
    }
    ObjectNode fields =
        JsonNodeFactory.instance
            .objectNode()
            .put("rope_type", "yarn")
            .put("factor", 32.0)
            .put("beta_fast", 32.0)
            .put("beta_slow", 1.0)
            .put("truncate", false)
            .put("original_max_position_embeddings", 4096);
    return new JsonFile(json.path(), fields);
  }
}

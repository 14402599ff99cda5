package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ministral 3: Mistral whose queries are scaled up far behind the original length. */
final class Ministral3 extends Mistral {
  Ministral3() {
    super("ministral3");
  }

  @Override
  double defaultRmsNormEps() {
    return 1e-5;
  }

  @Override
  Optional<Integer> defaultHeadDim() {
    return Optional.of(128);
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    return Collections.nCopies(layers, SlidingWindows.field(json));
  }

  @Override
  JsonFile ropeFields(JsonFile json) {
    boolean isGiven = json.value("rope_parameters").isPresent() || ropeScaling(json).isPresent();
    return isGiven
        ? super.ropeFields(json)
        : JsonFile.of(
            json.path(),
            Map.of(
                "rope_type",
                "yarn",
                "rope_theta",
                1e6,
                "factor",
                16.0,
                "original_max_position_embeddings",
                16_384,
                "mscale",
                1.0,
                "mscale_all_dim",
                1.0,
                RopeConfig.QUERY_SCALING,
                0.1));
  }

  @Override
  public boolean scalesQueriesByPosition() {
    return true;
  }
}

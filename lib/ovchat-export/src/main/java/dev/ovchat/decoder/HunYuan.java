package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The dense models of HunYuan: Llama whose heads are normalized after they were rotated. */
final class HunYuan extends Architecture {
  HunYuan() {
    super("hunyuan_v1_dense");
  }

  @Override
  double defaultRmsNormEps() {
    return 1e-5;
  }

  @Override
  public HeadNorms headNorms() {
    return HeadNorms.AFTER_ROTATION;
  }

  /** The config's embedding; with an alpha, the dynamic one is a plain one of a larger base. */
  @Override
  List<Optional<RopeConfig>> layerRopes(
      JsonFile json, RopeConfig rope, DecoderSizes sizes, List<Optional<Integer>> windows) {
    double alpha = rope.value("alpha", 0);
    boolean isPlain = rope.type().equals("dynamic") && alpha != 0;
    int dim = sizes.headDim();
    RopeConfig own =
        isPlain ? rope.plain(rope.theta() * Math.pow(alpha, (double) dim / (dim - 2))) : rope;
    return Collections.nCopies(sizes.layers(), Optional.of(own));
  }
}

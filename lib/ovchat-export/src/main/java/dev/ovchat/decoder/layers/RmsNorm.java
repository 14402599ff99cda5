package dev.ovchat.decoder.layers;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;

/** Root mean square layer normalization: x / √(mean(x²) + ε), times a weight, or 1 + a weight. */
final class RmsNorm {
  private RmsNorm() {}

  /**
   * Adds a norm of the last dimension.
   *
   * @param module the norm, under the name of its tensor
   * @param x [..., features]
   * @return the same shape
   */
  static Port build(Weights weights, Ops module, Port x, DecoderConfig config) {
    Port mean = module.mean(module.power(x, module.scalar(2f)), -1);
    Port root = module.sqrt(module.add(mean, module.scalar(config.rmsNormEps())));
    Port normal = module.multiply(x, module.divide(module.scalar(1f), root));
    Port weight = weights.vector(module, "weight", x.shape().dim(-1));
    return module.multiply(
        config.normsAddOne() ? module.add(module.scalar(1f), weight) : weight, normal);
  }
}

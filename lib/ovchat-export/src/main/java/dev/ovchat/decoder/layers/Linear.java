package dev.ovchat.decoder.layers;

import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;

/** A linear layer: x times a matrix, plus an optional bias. */
final class Linear {
  private Linear() {}

  /**
   * Adds a linear layer.
   *
   * @param module the layer, under the name of its tensors
   * @param x [..., columns]
   * @param rows the number of output features
   * @return [..., rows]
   */
  static Port build(Weights weights, Ops module, Port x, long rows, boolean bias) {
    Port product = module.linear(x, weights.linear(module, rows, x.shape().dim(-1)));
    return bias ? module.add(product, weights.vector(module, "bias", rows)) : product;
  }
}

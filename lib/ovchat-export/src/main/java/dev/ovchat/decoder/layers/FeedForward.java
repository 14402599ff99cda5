package dev.ovchat.decoder.layers;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.decoder.Experts;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import java.util.List;
import java.util.Optional;

/** The feed-forward part of a layer: down(up(x) · activation(gate(x))), or experts. */
final class FeedForward {
  private final DecoderConfig config;
  private final Weights weights;

  FeedForward(DecoderConfig config, Weights weights) {
    this.config = config;
    this.weights = weights;
  }

  /**
   * Adds the part of a layer.
   *
   * @param layer index of the layer, from 0
   * @param x [batch, tokens, hidden size]
   * @return the same shape
   */
  Port build(Ops ops, int layer, Port x) {
    Optional<Experts> experts = config.experts().get(layer);
    return experts.isPresent()
        ? new MixtureOfExperts(experts.get(), config, weights).build(ops, x)
        : dense(ops, x);
  }

  private Port dense(Ops ops, Port x) {
    long inner = config.intermediateSize();
    Port gate;
    Port up;
    if (config.architecture().fusesProjections()) {
      List<Port> both =
          ops.split(linear(ops.at("gate_up_proj"), x, 2 * inner, false), -1, inner, inner);
      gate = both.get(0);
      up = both.get(1);
    } else {
      gate = linear(ops.at("gate_proj"), x, inner, config.feedForwardBias());
      up = linear(ops.at("up_proj"), x, inner, config.feedForwardBias());
    }
    Port activated = weights.activation(ops, config.activation().build(ops, gate));
    Port product = ops.multiply(activated, up);
    return linear(ops.at("down_proj"), product, config.hiddenSize(), config.feedForwardBias());
  }

  private Port linear(Ops module, Port x, long rows, boolean bias) {
    return Linear.build(weights, module, x, rows, bias);
  }
}

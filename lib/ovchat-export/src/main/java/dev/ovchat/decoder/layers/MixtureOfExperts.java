package dev.ovchat.decoder.layers;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.decoder.Experts;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.List;

/**
 * A feed-forward part of many experts. A router, which is a linear layer, gives each expert a logit
 * for each token; the experts with the highest ones serve the token, and their results are summed
 * by their shares.
 *
 * <pre>
 *   x ─► [tokens, hidden] ─┬─► all experts ──────────────────────────► [experts, tokens, hidden] ─► · ─► sum
 *                          └─► router ─► top k ─► share, 0 for the others ─► [experts, tokens, 1] ──┘
 * </pre>
 *
 * <p>As it is written here, every expert computes every token. The plugins recognize the form, and
 * run those that are chosen alone; it is the one that the documented command exports.
 */
final class MixtureOfExperts {
  /** transformers' {@code limit} of gpt-oss. */
  private static final float LIMIT = 7;

  /** transformers' {@code alpha} of gpt-oss. */
  private static final float ALPHA = 1.702f;

  private final Experts experts;
  private final DecoderConfig config;
  private final Weights weights;

  MixtureOfExperts(Experts experts, DecoderConfig config, Weights weights) {
    this.experts = experts;
    this.config = config;
    this.weights = weights;
  }

  /**
   * Adds the part.
   *
   * @param x [batch, tokens, hidden size]
   * @return the same shape
   */
  Port build(Ops ops, Port x) {
    Port tokens = ops.reshape(x, -1, config.hiddenSize());
    Port results = results(ops.at("experts"), tokens);
    Port sum = ops.sum(ops.multiply(results, shares(ops, tokens)), 0);
    return ops.reshape(sum, ops.shapeOf(x), x.shape());
  }

  /** The result of each expert for each token: [experts, tokens, hidden size]. */
  private Port results(Ops ops, Port tokens) {
    long count = experts.count();
    long hidden = config.hiddenSize();
    Port each = ops.reshape(ops.tile(tokens, count, 1), count, -1, hidden);
    Port product = experts.isClamped() ? clamped(ops, each) : gated(ops, each);
    return ops.reshape(linear(ops.at("down_proj"), product, hidden), count, -1, hidden);
  }

  private Port gated(Ops ops, Port each) {
    long inner = experts.intermediateSize();
    Port gate = linear(ops.at("gate_proj"), each, inner);
    Port activated = config.activation().build(ops, gate);
    return ops.multiply(activated, linear(ops.at("up_proj"), each, inner));
  }

  /** gpt-oss: the rows of gate and up alternate, and both are bounded. */
  private Port clamped(Ops ops, Port each) {
    Port both = linear(ops.at("gate_up_proj"), each, 2L * experts.intermediateSize());
    Port up = ops.clamp(ops.every(both, 2, 1), -LIMIT, LIMIT);
    Port gate = ops.minimum(ops.every(both, 2, 0), ops.scalar(LIMIT));
    return ops.multiply(ops.add(up, ops.scalar(1f)), ops.swish(gate, ALPHA));
  }

  private Port linear(Ops module, Port x, long rows) {
    long count = experts.count();
    Port product = module.linear(x, weights.experts(module, count, rows, x.shape().dim(-1)));
    return experts.isClamped()
        ? module.add(product, weights.expertBiases(module, count, rows))
        : product;
  }

  /** The share of each expert in each token's sum: [experts, tokens, 1]. */
  private Port shares(Ops ops, Port tokens) {
    Ops router = ops.at("gate");
    Port logits =
        router.linear(tokens, weights.router(router, experts.count(), config.hiddenSize()));
    if (experts.isClamped()) {
      logits = router.add(logits, weights.vector(router, "bias", experts.count()));
    }
    Port scores = experts.normalized() ? logits : ops.softmax(logits, -1);
    List<Port> best = ops.topK(scores, experts.perToken());
    Port chosen = experts.normalized() ? ops.softmax(best.get(0), -1) : best.get(0);
    Shape shape = logits.shape();
    Port none = ops.broadcast(ops.scalar(0f), ops.shapeOf(logits), shape);
    Port all = ops.scatter(none, best.get(1), chosen, 1);
    return ops.reshape(ops.transpose(all, 1, 0), experts.count(), -1, 1);
  }
}

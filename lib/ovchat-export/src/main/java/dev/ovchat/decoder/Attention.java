package dev.ovchat.decoder;

import static dev.ovchat.graph.Shape.DYNAMIC;

import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.List;

/**
 * The attention of a layer: each token takes a weighted sum of the values of the tokens that it
 * sees, by the products of its queries with their keys.
 *
 * <pre>
 *       ┌► query ─► (norm) ─► rotate ────────────────────────┐
 *   x ──┼► key ───► (norm) ─► rotate ─► appended to cache ───┼► attention ─► output
 *       └► value ─────────────────────► appended to cache ───┘
 * </pre>
 */
final class Attention {
  private final DecoderConfig config;
  private final Weights weights;
  private final RotaryEmbedding rotary;
  private final AttentionMask mask;
  private final Cache cache;

  Attention(
      DecoderConfig config,
      Weights weights,
      RotaryEmbedding rotary,
      AttentionMask mask,
      Cache cache) {
    this.config = config;
    this.weights = weights;
    this.rotary = rotary;
    this.mask = mask;
    this.cache = cache;
  }

  /**
   * Adds the attention of a layer.
   *
   * @param x [batch, new tokens, hidden]
   * @return the same shape
   */
  Port build(Ops ops, int layer, Port x) {
    List<Port> projections = project(ops, x);
    Port queries = normalize(ops.at("q_norm"), projections.get(0));
    Port newKeys = normalize(ops.at("k_norm"), projections.get(1));
    Port query = rotary.rotate(ops, ops.transpose(queries, 0, 2, 1, 3));
    Port key = rotary.rotate(ops, ops.transpose(newKeys, 0, 2, 1, 3));
    Port value = ops.transpose(projections.get(2), 0, 2, 1, 3);
    Port keys = repeat(ops, cache.append(ops, layer, "key", key));
    Port values = repeat(ops, cache.append(ops, layer, "value", value));
    float scale = (float) (1 / Math.sqrt(config.headDim()));
    Port seen = mask.of(config.slidingWindows().get(layer));
    Port answers = ops.transpose(ops.attention(query, keys, values, seen, scale), 0, 2, 1, 3);
    long width = (long) config.numAttentionHeads() * config.headDim();
    return Linear.build(
        weights,
        ops.at("o_proj"),
        ops.reshape(answers, 0, 0, width),
        config.hiddenSize(),
        config.attentionOutputBias());
  }

  /** Query, key and value, each [batch, new tokens, heads, head size]. */
  private List<Port> project(Ops ops, Port x) {
    int queries = config.numAttentionHeads();
    int keys = config.numKeyValueHeads();
    if (config.architecture().fusesProjections()) {
      Port all = project(ops.at("qkv_proj"), x, queries + 2 * keys);
      return ops.split(all, 2, queries, keys, keys);
    }
    return List.of(
        project(ops.at("q_proj"), x, queries),
        project(ops.at("k_proj"), x, keys),
        project(ops.at("v_proj"), x, keys));
  }

  private Port project(Ops module, Port x, long heads) {
    Port projected =
        Linear.build(weights, module, x, heads * config.headDim(), config.queryKeyValueBias());
    return module.reshape(projected, 0, 0, heads, config.headDim());
  }

  /** Normalizes each head by itself, where the architecture does. */
  private Port normalize(Ops module, Port heads) {
    return config.architecture().normalizesHeads()
        ? RmsNorm.build(weights, module, heads, config.rmsNormEps())
        : heads;
  }

  /** Repeats key or value heads: each serves several query heads, which get a copy each. */
  private Port repeat(Ops ops, Port x) {
    long copies = config.numAttentionHeads() / config.numKeyValueHeads();
    if (copies == 1) {
      return x;
    }
    Port single = ops.unsqueeze(x, 2);
    Shape shape = Shape.of(DYNAMIC, config.numKeyValueHeads(), copies, DYNAMIC, config.headDim());
    Port repeated = ops.broadcast(single, ops.vector(1, 1, copies, 1, 1), shape);
    return ops.reshape(repeated, 0, config.numAttentionHeads(), -1, config.headDim());
  }
}

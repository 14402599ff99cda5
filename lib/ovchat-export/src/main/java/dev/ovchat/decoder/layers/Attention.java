package dev.ovchat.decoder.layers;

import static dev.ovchat.graph.Shape.DYNAMIC;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.decoder.HeadNorms;
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
  private final Rotation rotation;
  private final AttentionMask mask;
  private final Cache cache;

  Attention(
      DecoderConfig config, Weights weights, Rotation rotation, AttentionMask mask, Cache cache) {
    this.config = config;
    this.weights = weights;
    this.rotation = rotation;
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
    Port queries = beforeRotation(ops.at("q_norm"), projections.get(0));
    Port newKeys = beforeRotation(ops.at("k_norm"), projections.get(1));
    Port query = rotation.queries(ops, layer, ops.transpose(queries, 0, 2, 1, 3));
    Port key = rotation.keys(ops, layer, ops.transpose(newKeys, 0, 2, 1, 3));
    query = afterRotation(ops.at("query_layernorm"), query);
    key = afterRotation(ops.at("key_layernorm"), key);
    Port value = ops.transpose(projections.get(2), 0, 2, 1, 3);
    Port keys = repeat(ops, cache.append(ops, layer, "key", key));
    Port values = repeat(ops, cache.append(ops, layer, "value", value));
    Port seen = mask.of(config.slidingWindows().get(layer));
    Port answers = ops.transpose(attend(ops, query, keys, values, seen), 0, 2, 1, 3);
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

  /**
   * Normalizes heads where the architecture does.
   *
   * @param heads [batch, new tokens, heads, head size]
   */
  private Port beforeRotation(Ops module, Port heads) {
    return switch (config.architecture().headNorms()) {
      case EACH -> RmsNorm.build(weights, module, heads, config);
      case ALL -> {
        long count = heads.shape().dim(2);
        Port all = module.reshape(heads, 0, 0, count * config.headDim());
        Port normal = RmsNorm.build(weights, module, all, config);
        yield module.reshape(normal, 0, 0, count, config.headDim());
      }
      case NONE, AFTER_ROTATION -> heads;
    };
  }

  /** The same, in [batch, heads, new tokens, head size]. */
  private Port afterRotation(Ops module, Port heads) {
    return config.architecture().headNorms() == HeadNorms.AFTER_ROTATION
        ? RmsNorm.build(weights, module, heads, config)
        : heads;
  }

  /** Attends in one operation, or where scores have a soft cap, step by step. */
  private Port attend(Ops ops, Port query, Port keys, Port values, Port seen) {
    float scale = config.factors().attention();
    float cap = config.factors().scoreCap();
    if (config.architecture().hasSinks()) {
      Port sinks = weights.vector(ops, "sinks", config.numAttentionHeads());
      return ops.attention(
          query,
          keys,
          values,
          seen,
          scale,
          ops.reshape(sinks, 1, config.numAttentionHeads(), 1, 1));
    }
    if (cap == 0) {
      return ops.attention(query, keys, values, seen, scale);
    }
    Port products = ops.matMul(query, ops.transpose(keys, 0, 1, 3, 2));
    Port scores = SoftCap.build(ops, ops.multiply(products, ops.scalar(scale)), cap);
    return ops.matMul(ops.softmax(ops.add(scores, seen), -1), values);
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

package dev.ovchat.decoder.layers;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.decoder.RopeConfig;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The rotary embeddings of a decoder's layers, of which most have the same, and some none. */
final class Rotation {
  private static final double LARGEST_BETA = 1e9; // where scaled queries still have finite scores

  private final DecoderConfig config;
  private final Map<RopeConfig, RotaryEmbedding> embeddings = new LinkedHashMap<>();
  private final Optional<Port> queryScale;

  /**
   * @param positions i64 [batch, new tokens]
   */
  Rotation(Ops model, DecoderConfig config, Port positions) {
    this.config = config;
    for (Optional<RopeConfig> ofLayer : config.layerRopes()) {
      ofLayer.ifPresent(
          rope -> embeddings.computeIfAbsent(rope, any -> embedding(model, rope, positions)));
    }
    this.queryScale =
        config.architecture().scalesQueriesByPosition()
            ? Optional.of(queryScale(model.at("query_scale"), config.rope(), positions))
            : Optional.empty();
  }

  private RotaryEmbedding embedding(Ops model, RopeConfig rope, Port positions) {
    String name = embeddings.isEmpty() ? "rotary_emb" : "rotary_emb_" + embeddings.size();
    return new RotaryEmbedding(model.at(name), rope, config.headDim(), positions);
  }

  /** 1 + β · log(1 + ⌊position / original length⌋): f32 [batch, 1, new tokens, 1]. */
  private static Port queryScale(Ops ops, RopeConfig rope, Port positions) {
    Port places = ops.convert(ops.unsqueeze(positions, 1, 3), ElementType.F32);
    Port lengths = ops.floor(ops.divide(places, ops.scalar((float) rope.originalMaxPositions())));
    Port growth = ops.log(ops.add(lengths, ops.scalar(1f)));
    Port beta = ops.scalar(beta(rope));
    return ops.add(ops.multiply(growth, beta), ops.scalar(1f));
  }

  private static float beta(RopeConfig rope) {
    double beta = rope.value(RopeConfig.QUERY_SCALING);
    if (!(Math.abs(beta) < LARGEST_BETA)) {
      throw new UnusableFileException(
          "config.json has %s as its %s, which has to be a number between -%s and %s."
              .formatted(beta, RopeConfig.QUERY_SCALING, LARGEST_BETA, LARGEST_BETA));
    }
    return (float) beta;
  }

  /**
   * Rotates the queries of a layer.
   *
   * @param x [batch, heads, new tokens, head size]
   */
  Port queries(Ops ops, int layer, Port x) {
    Port rotated = keys(ops, layer, x);
    return queryScale.map(scale -> ops.multiply(rotated, scale)).orElse(rotated);
  }

  /** Rotates the keys of a layer, in the same shape. */
  Port keys(Ops ops, int layer, Port x) {
    return config
        .layerRopes()
        .get(layer)
        .map(rope -> embeddings.get(rope).rotate(ops, x))
        .orElse(x);
  }
}

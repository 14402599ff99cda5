package dev.ovchat.decoder.layers;

import static dev.ovchat.graph.Shape.DYNAMIC;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.decoder.LayerNorms;
import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Graph;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.Optional;

/**
 * The graph of a decoder. All architectures are one model with different settings: {@link
 * dev.ovchat.decoder.Architecture} has what differs, for instance norms that come after the parts
 * instead of before.
 *
 * <pre>
 *   ids ─► embedding ─┬► norm ─► attention ─► + ─┬► norm ─► feed forward ─► + ─► … ─► norm ─► lm_head ─► logits
 *                     └──────────────────────►┘  └─────────────────────────►┘
 *                     └──────────────────── once for each layer ────────────┘
 * </pre>
 *
 * <p>Inputs and output are those of optimum-cli's export: {@code input_ids}, {@code
 * attention_mask}, {@code position_ids} i64 [batch, tokens], {@code beam_idx} i32 [batch]; {@code
 * logits} f32 [batch, tokens, vocabulary]. The KV cache is part of the model's state.
 */
public final class DecoderGraph {
  private final DecoderConfig config;
  private final Weights weights;
  private final Graph graph = new Graph();

  private DecoderGraph(DecoderConfig config, Weights weights) {
    this.config = config;
    this.weights = weights;
  }

  /** Builds the graph of a decoder; the weights are asked for in the order of their use. */
  public static Graph build(DecoderConfig config, Weights weights) {
    DecoderGraph decoder = new DecoderGraph(config, weights);
    decoder.build();
    return decoder.graph;
  }

  private void build() {
    Port ids = graph.parameter("input_ids", ElementType.I64, Shape.of(DYNAMIC, DYNAMIC));
    Port mask = graph.parameter("attention_mask", ElementType.I64, Shape.of(DYNAMIC, DYNAMIC));
    Port positions = graph.parameter("position_ids", ElementType.I64, Shape.of(DYNAMIC, DYNAMIC));
    Port beams = graph.parameter("beam_idx", ElementType.I32, Shape.of(DYNAMIC));

    Ops model = graph.ops("model");
    Ops embedding = model.at("embed_tokens");
    Port table = weights.embedding(embedding, config.vocabSize(), config.hiddenSize());
    Port hidden = scaled(embedding, embedding.gather(table, ids, 0), config.factors().embedding());

    Attention attention =
        new Attention(
            config,
            weights,
            new Rotation(model, config, positions),
            new AttentionMask(model.at("mask"), ids, mask),
            new Cache(model.at("cache"), config, ids, beams));
    for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
      hidden = layer(model.at("layers." + layer), layer, hidden, attention);
    }
    graph.result("logits", logits(norm(model.at("norm"), hidden)));
  }

  private Port layer(Ops ops, int index, Port hidden, Attention attention) {
    LayerNorms norms = config.architecture().layerNorms();
    Port attended =
        attention.build(ops.at("self_attn"), index, norm(ops, norms.beforeAttention(), hidden));
    Port between = added(ops, hidden, norm(ops, norms.afterAttention(), attended));
    Port changed =
        new FeedForward(config, weights)
            .build(ops.at("mlp"), index, norm(ops, norms.beforeFeedForward(), between));
    return added(ops, between, norm(ops, norms.afterFeedForward(), changed));
  }

  private Port norm(Ops layer, Optional<String> name, Port x) {
    return name.map(given -> norm(layer.at(given), x)).orElse(x);
  }

  private Port norm(Ops module, Port x) {
    return RmsNorm.build(weights, module, x, config);
  }

  private Port added(Ops ops, Port hidden, Port change) {
    return ops.add(hidden, scaled(ops, change, config.factors().residual()));
  }

  private static Port scaled(Ops ops, Port x, float factor) {
    return factor == 1 ? x : ops.multiply(x, ops.scalar(factor));
  }

  private Port logits(Port hidden) {
    Ops head = graph.ops("lm_head");
    Port logits =
        head.linear(hidden, weights.linear(head, config.vocabSize(), config.hiddenSize()));
    float divisor = config.factors().logitsDivisor();
    Port divided = divisor == 1 ? logits : head.divide(logits, head.scalar(divisor));
    return SoftCap.build(head, divided, config.factors().logitCap());
  }
}

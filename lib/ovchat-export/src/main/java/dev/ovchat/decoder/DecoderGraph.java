package dev.ovchat.decoder;

import static dev.ovchat.graph.Shape.DYNAMIC;

import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Graph;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.List;

/**
 * The graph of a decoder: Phi-3, Llama, Mistral, Qwen2 and Qwen3 are one model with different
 * settings.
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
    Port hidden = embedding.gather(table, ids, 0);

    Attention attention =
        new Attention(
            config,
            weights,
            new RotaryEmbedding(model.at("rotary_emb"), config.rope(), config.headDim(), positions),
            new AttentionMask(model.at("mask"), ids, mask),
            new Cache(model.at("cache"), config, ids, beams));
    for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
      hidden = layer(model.at("layers." + layer), layer, hidden, attention);
    }
    graph.result("logits", logits(norm(model.at("norm"), hidden)));
  }

  private Port layer(Ops ops, int index, Port hidden, Attention attention) {
    Port attended =
        attention.build(ops.at("self_attn"), index, norm(ops.at("input_layernorm"), hidden));
    Port between = ops.add(hidden, attended);
    Port changed = feedForward(ops.at("mlp"), norm(ops.at("post_attention_layernorm"), between));
    return ops.add(between, changed);
  }

  private Port norm(Ops module, Port x) {
    return RmsNorm.build(weights, module, x, config.rmsNormEps());
  }

  /** down(up(x) · swish(gate(x))). */
  private Port feedForward(Ops ops, Port x) {
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
    Port product = ops.multiply(ops.swish(gate), up);
    return linear(ops.at("down_proj"), product, config.hiddenSize(), config.feedForwardBias());
  }

  private Port logits(Port hidden) {
    Ops head = graph.ops("lm_head");
    return head.linear(hidden, weights.linear(head, config.vocabSize(), config.hiddenSize()));
  }

  private Port linear(Ops module, Port x, long rows, boolean bias) {
    return Linear.build(weights, module, x, rows, bias);
  }
}

package dev.ovchat.decoder.layers;

import static dev.ovchat.graph.Shape.DYNAMIC;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import dev.ovchat.graph.Variable;
import java.util.Locale;

/**
 * The KV cache: keys and values of the earlier tokens, in two variables per layer, f32 [batch,
 * heads, tokens, head size], empty at first.
 */
final class Cache {
  private final Shape shape;
  private final Port empty;
  private final Port beams;

  /**
   * @param beams i32 [batch]: for each row, which row of the call before it continues
   */
  Cache(Ops ops, DecoderConfig config, Port ids, Port beams) {
    this.shape = Shape.of(DYNAMIC, config.numKeyValueHeads(), DYNAMIC, config.headDim());
    this.beams = beams;
    Port batch = ops.unsqueeze(ops.dim(ids, 0), 0);
    Port dims = ops.concat(0, batch, ops.vector(config.numKeyValueHeads(), 0, config.headDim()));
    this.empty = ops.broadcast(ops.scalar(0f), dims, shape.with(2, 0));
  }

  /**
   * Appends new keys or values to the earlier ones.
   *
   * @param kind {@code key} or {@code value}
   * @param added [batch, heads, new tokens, head size]
   * @return [batch, heads, all tokens, head size]
   */
  Port append(Ops ops, int layer, String kind, Port added) {
    String past = String.format(Locale.ROOT, "past_key_values.%d.%s", layer, kind);
    String present = String.format(Locale.ROOT, "present.%d.%s", layer, kind);
    Variable variable = new Variable(past + present, past, ElementType.F32, shape);
    Port kept = ops.gather(ops.read(variable, empty), beams, 0);
    Port all = ops.concat(-2, kept, added);
    ops.assign(variable, all);
    return all;
  }
}

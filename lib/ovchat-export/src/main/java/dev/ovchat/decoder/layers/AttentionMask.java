package dev.ovchat.decoder.layers;

import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The attention mask: a token sees itself and the tokens before it, as far as the window reaches,
 * except those that the caller masked.
 */
final class AttentionMask {
  /** Value added to the score of a masked token: the lowest finite f16. */
  private static final float UNSEEN = -65504;

  private final Ops ops;
  private final Port mask;
  private final Port batch;
  private final Port newTokens;
  private final Port allTokens;
  private final Map<Optional<Integer>, Port> byWindow = new HashMap<>();

  /**
   * @param ids i64 [batch, new tokens]
   * @param mask i64 [batch, all tokens], 1 for a token that is to be seen, 0 for a masked one
   */
  AttentionMask(Ops ops, Port ids, Port mask) {
    this.ops = ops;
    this.mask = mask;
    this.batch = ops.dim(ids, 0);
    this.newTokens = ops.dim(ids, 1);
    this.allTokens = ops.dim(mask, 1);
  }

  /**
   * Returns the mask that is added to the scores.
   *
   * @param window the number of tokens that a token sees, itself included
   * @return f32 [batch, 1, new tokens, all tokens]
   */
  Port of(Optional<Integer> window) {
    return byWindow.computeIfAbsent(window, this::build);
  }

  private Port build(Optional<Integer> window) {
    Port keys = ops.unsqueeze(ops.range(ops.scalar(0L), allTokens), 0, 1, 2);
    Port first = ops.subtract(allTokens, newTokens);
    Port queries = ops.unsqueeze(ops.range(first, allTokens), 0, 1, 3);
    Port earlier = ops.lessEqual(keys, queries);
    Port wanted = ops.unsqueeze(ops.convert(mask, ElementType.BOOLEAN), 1, 2);
    Port seen =
        window
            .map(size -> inWindow(keys, queries, size, earlier, wanted))
            .orElseGet(() -> ops.and(earlier, wanted));
    return ops.select(seen, ops.scalar(0f), ops.scalar(UNSEEN));
  }

  /**
   * Adds the window to the mask. Some of the operations do nothing, but OpenVINO recognizes the
   * window by this chain when it converts to paged attention, and then applies it itself.
   */
  private Port inWindow(Port keys, Port queries, int size, Port earlier, Port wanted) {
    Port recent = ops.greater(keys, ops.add(queries, ops.scalar((long) -size)));
    Port any = ops.scalar(true);
    Port seen = ops.and(ops.and(any, ops.and(ops.and(any, recent), earlier)), wanted);
    Port shape =
        ops.concat(
            0,
            ops.unsqueeze(batch, 0),
            ops.vector(1),
            ops.unsqueeze(newTokens, 0),
            ops.unsqueeze(allTokens, 0));
    return ops.broadcast(seen, shape, Shape.of(Shape.DYNAMIC, 1, Shape.DYNAMIC, Shape.DYNAMIC));
  }
}

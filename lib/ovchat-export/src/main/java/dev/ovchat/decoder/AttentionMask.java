package dev.ovchat.decoder;

import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which tokens a token sees: itself and those before it, as far as the window reaches, and none
 * that the caller switched off.
 */
final class AttentionMask {
  /** What is added to the score of a token that is not seen; the lowest 16-bit number. */
  private static final float UNSEEN = -65504;

  private final Ops ops;
  private final Port mask;
  private final Port batch;
  private final Port newTokens;
  private final Port allTokens;
  private final Map<Optional<Integer>, Port> byWindow = new HashMap<>();

  /**
   * @param ids i64 [batch, new tokens]
   * @param mask i64 [batch, all tokens], 1 for a token that is to be seen
   */
  AttentionMask(Ops ops, Port ids, Port mask) {
    this.ops = ops;
    this.mask = mask;
    this.batch = ops.dim(ids, 0);
    this.newTokens = ops.dim(ids, 1);
    this.allTokens = ops.dim(mask, 1);
  }

  /**
   * What is added to the scores.
   *
   * @param window how many tokens back a token sees, itself included
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
   * Some of this does nothing. But it is by this chain of operations that OpenVINO finds the window
   * when it makes the attention a paged one, and then applies it by itself.
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

package dev.ovchat.decoder.layers;

import dev.ovchat.decoder.RopeConfig;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import java.util.List;
import java.util.Locale;

/**
 * Encodes a token's position by rotating its queries and keys: each pair of dimensions by an angle
 * that grows with the position, at a frequency of its own.
 *
 * <pre>
 *   rotated = x · cos(angles) + (−second half of x, first half of x) · sin(angles)
 * </pre>
 */
final class RotaryEmbedding {
  private final RopeConfig rope;
  private final int dim;
  private final Port cos;
  private final Port sin;

  /**
   * @param positions i64 [batch, new tokens]
   * @param headDim dimensions per head
   */
  RotaryEmbedding(Ops ops, RopeConfig rope, int headDim, Port positions) {
    this.rope = rope;
    this.dim = rotaryDim(rope, headDim);
    RotaryFrequencies frequencies = new RotaryFrequencies(rope, dim);
    Port places = ops.convert(ops.unsqueeze(positions, 1), ElementType.F32);
    Port angles = ops.matMul(inverseFrequencies(ops, frequencies, positions), places);
    Port rows = ops.transpose(angles, 0, 2, 1);
    Port both = ops.concat(-1, rows, rows);
    float factor = frequencies.attentionFactor();
    this.cos = scaled(ops, ops.cos(both), factor);
    this.sin = scaled(ops, ops.sin(both), factor);
  }

  private static int rotaryDim(RopeConfig rope, int headDim) {
    int dim = (int) (headDim * rope.partialRotaryFactor());
    if (dim < 2 || dim % 2 != 0 || dim > headDim) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "config.json has heads of %d numbers, of which the rotary embedding would rotate %d (head_dim, partial_rotary_factor); it needs an even number from 2 to all of them.",
              headDim,
              dim));
    }
    return dim;
  }

  private static Port scaled(Ops ops, Port x, float factor) {
    Port scaled = factor == 1 ? x : ops.multiply(x, ops.scalar(factor));
    return ops.unsqueeze(scaled, 1);
  }

  /** Angle per position: f32 [1, dim / 2, 1]. */
  private Port inverseFrequencies(Ops ops, RotaryFrequencies frequencies, Port positions) {
    return switch (rope.type()) {
      case "longrope" -> {
        Port isLong =
            ops.greater(length(ops, positions), ops.scalar((long) rope.originalMaxPositions()));
        yield ops.select(
            isLong, column(ops, frequencies.longValues()), column(ops, frequencies.values()));
      }
      case "dynamic" -> dynamic(ops, frequencies, positions);
      default -> column(ops, frequencies.values());
    };
  }

  /** The base grows with the sequence: transformers' {@code _compute_dynamic_ntk_parameters}. */
  private Port dynamic(Ops ops, RotaryFrequencies frequencies, Port positions) {
    float factor = (float) rope.value("factor");
    frequencies.requireUsable(factor, (float) Math.log(factor), (float) dim / (dim - 2));
    Port limit = ops.scalar((float) rope.maxPositions());
    Port length = ops.convert(length(ops, positions), ElementType.F32);
    Port longer = ops.select(ops.greater(length, limit), length, limit);
    Port stretch =
        ops.subtract(
            ops.divide(ops.multiply(longer, ops.scalar(factor)), limit), ops.scalar(factor - 1));
    Port base =
        ops.multiply(
            ops.power(stretch, ops.scalar((float) dim / (dim - 2))),
            ops.scalar((float) rope.theta()));
    float[] exponents = new float[dim / 2];
    for (int pair = 0; pair < exponents.length; pair++) {
      exponents[pair] = -frequencies.exponent(pair);
    }
    return ops.power(base, column(ops, exponents));
  }

  /** Length of the sequence: the last position + 1. */
  private static Port length(Ops ops, Port positions) {
    return ops.add(ops.max(positions), ops.scalar(1L));
  }

  private static Port column(Ops ops, float[] values) {
    return ops.floats(values, 1, values.length, 1);
  }

  /**
   * Rotates queries or keys.
   *
   * @param x [batch, heads, new tokens, head size]
   */
  Port rotate(Ops ops, Port x) {
    long size = x.shape().dim(-1);
    if (dim == size) {
      return rotateAll(ops, x);
    }
    List<Port> parts = ops.split(x, -1, dim, size - dim);
    return ops.concat(-1, rotateAll(ops, parts.get(0)), parts.get(1));
  }

  private Port rotateAll(Ops ops, Port x) {
    List<Port> halves = ops.split(x, 3, dim / 2, dim / 2);
    Port minus = ops.multiply(halves.get(1), ops.scalar(-1f));
    Port crossed = ops.concat(-1, minus, halves.get(0));
    return ops.add(ops.multiply(x, cos), ops.multiply(crossed, sin));
  }
}

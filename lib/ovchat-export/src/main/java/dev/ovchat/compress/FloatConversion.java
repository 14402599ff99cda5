package dev.ovchat.compress;

import dev.ovchat.checkpoint.BrainFloat;
import dev.ovchat.checkpoint.HalfPrecision;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes weights in another float type, as the documented export does. The result of a value beyond
 * the range of f16 depends on the source: optimum-intel loads a bf16 checkpoint as f16 through
 * PyTorch, which gives infinity; an f32 checkpoint is narrowed by OpenVINO's {@code save_model},
 * which gives ±65,504. Bits of an equal type are kept. One instance per thread.
 */
public final class FloatConversion {
  private static final float GREATEST_HALF = 65_504f;

  /** Number of weights that are converted at once: a multiple of every block format's. */
  public static final int BLOCK = 4096;

  private final ElementType to;
  private final WeightReader reader;
  private final float[] weights = new float[BLOCK];

  /**
   * Makes a conversion for one thread.
   *
   * @param reader of {@link #BLOCK} weights or more
   * @param to f32 or f16, or the reader's type
   */
  public FloatConversion(WeightReader reader, ElementType to) {
    ElementType from = reader.type();
    if (from != to && to != ElementType.F32 && to != ElementType.F16) {
      throw new IllegalArgumentException(
          "Weights cannot be converted from " + from + " to " + to + "; take F32 or F16.");
    }
    this.to = to;
    this.reader = reader;
  }

  /** Converts {@code count} weights; both buffers are little-endian and move on. */
  public void convert(ByteBuffer source, int count, ByteBuffer target) {
    if (reader.type() == to && reader.isUnchanged()) {
      int size = count * to.bytes();
      target.put(source.slice(source.position(), size));
      source.position(source.position() + size);
      return;
    }
    for (int left = count; left > 0; left -= BLOCK) {
      int size = Math.min(left, BLOCK);
      reader.read(source, weights, size);
      write(size, target);
    }
  }

  private void write(int count, ByteBuffer target) {
    ByteBuffer bytes = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (to == ElementType.F32) {
      bytes.asFloatBuffer().put(weights, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        bytes.putShort(to == ElementType.F16 ? half(weights[i]) : BrainFloat.bits(weights[i]));
      }
    }
    target.position(target.position() + count * to.bytes());
  }

  private short half(float weight) {
    boolean limited = reader.type() == ElementType.F32;
    return HalfPrecision.fromFloat(
        limited ? Math.max(-GREATEST_HALF, Math.min(GREATEST_HALF, weight)) : weight);
  }
}

package dev.ovchat.export;

import dev.ovchat.checkpoint.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads little-endian weights as floats; one instance per thread. */
final class WeightReader {
  private final TensorType type;
  private final short[] halves;

  /**
   * @param type of what is read
   * @param largest count of one {@link #read}
   */
  WeightReader(TensorType type, int largest) {
    this.type = type;
    this.halves = new short[type == TensorType.F32 ? 0 : largest];
  }

  /** Reads {@code count} weights from the buffer's position on, and moves it behind them. */
  void read(ByteBuffer source, float[] weights, int count) {
    ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (type == TensorType.F32) {
      bytes.asFloatBuffer().get(weights, 0, count);
    } else {
      bytes.asShortBuffer().get(halves, 0, count);
      widen(weights, count);
    }
    source.position(source.position() + count * type.bytes());
  }

  private void widen(float[] weights, int count) {
    if (type == TensorType.BF16) {
      for (int i = 0; i < count; i++) {
        weights[i] = Float.intBitsToFloat(halves[i] << 16);
      }
    } else {
      for (int i = 0; i < count; i++) {
        weights[i] = HalfPrecision.toFloat(halves[i]);
      }
    }
  }
}

package dev.ovchat.compress;

import dev.ovchat.checkpoint.FiniteNumbers;
import dev.ovchat.checkpoint.WeightReader;
import java.nio.ByteBuffer;

/** Reads rows of weights, all of them finite. */
public final class FiniteRows {
  private final WeightReader reader;

  /**
   * @param reader of a row's weights or more
   */
  public FiniteRows(WeightReader reader) {
    this.reader = reader;
  }

  /**
   * Reads a row, as many weights as the array has.
   *
   * @throws ArithmeticException if a weight is infinite or NaN
   */
  public void read(ByteBuffer source, float[] weights) {
    reader.read(source, weights, weights.length);
    int anyIsNotFinite = 0;
    for (float weight : weights) {
      anyIsNotFinite |= FiniteNumbers.belowZeroIfNot(weight);
    }
    if (anyIsNotFinite < 0) {
      throw new ArithmeticException("A weight is infinite or no number.");
    }
  }
}

package dev.ovchat.checkpoint;

import java.util.Arrays;

/**
 * Adds factor · left · right to the rows of a matrix, in f32: the product first, then times the
 * factor, as PEFT does.
 */
final class LowRankSum implements WeightChange {
  private final float[] left;
  private final float[] right;
  private final int rank;
  private final int columns;
  private final float factor;
  private final float[] product;
  private int next;

  /**
   * @param left [rows, rank]
   * @param right [rank, columns]
   */
  LowRankSum(float[] left, float[] right, int rank, float factor) {
    this.left = left;
    this.right = right;
    this.rank = rank;
    this.columns = right.length / rank;
    this.factor = factor;
    this.product = new float[columns];
  }

  @Override
  public void apply(float[] weights, int count) {
    for (int at = 0; at < count; ) {
      int column = next % columns;
      int length = Math.min(columns - column, count - at);
      multiply(next / columns, column, length);
      add(weights, at, length);
      at += length;
      next += length;
    }
  }

  /** A part of a row of the product. */
  private void multiply(int row, int column, int length) {
    Arrays.fill(product, 0, length, 0f);
    for (int k = 0; k < rank; k++) {
      float factorOfRow = left[row * rank + k];
      int from = k * columns + column;
      for (int i = 0; i < length; i++) {
        product[i] += factorOfRow * right[from + i];
      }
    }
  }

  private void add(float[] weights, int at, int length) {
    int anyIsNotFinite = 0;
    for (int i = 0; i < length; i++) {
      float sum = weights[at + i] + product[i] * factor;
      weights[at + i] = sum;
      anyIsNotFinite |= FiniteNumbers.belowZeroIfNot(sum);
    }
    if (anyIsNotFinite < 0) {
      throw new ArithmeticException("A weight with an adapter is infinite or no number.");
    }
  }
}

package dev.ovchat.compress;

import dev.ovchat.checkpoint.BrainFloat;
import dev.ovchat.checkpoint.HalfPrecision;
import dev.ovchat.checkpoint.WeightChange;
import dev.ovchat.graph.ElementType;

/**
 * Multiplies the rows or columns of a matrix by factors while it is read, in f32, and rounds the
 * products to an element type, as NNCF puts them back in the place of the weights.
 */
public final class ScaledWeights implements WeightChange {
  private final float[] factors;
  private final boolean ofRows;
  private final int columns;
  private final long rowsOfMatrix;
  private final ElementType type;
  private long next;

  private ScaledWeights(
      float[] factors,
      boolean ofRows,
      int columns,
      long rowsOfMatrix,
      long firstRow,
      ElementType type) {
    this.factors = factors;
    this.ofRows = ofRows;
    this.columns = columns;
    this.rowsOfMatrix = rowsOfMatrix;
    this.next = firstRow * columns;
    this.type = type;
  }

  /**
   * Makes a change that multiplies each column by its factor.
   *
   * @param factors one for each column; not copied
   * @param type f32, f16 or bf16, to which products are rounded
   */
  public static ScaledWeights columns(float[] factors, ElementType type) {
    return columns(factors, factors.length, Long.MAX_VALUE, 0, type);
  }

  /**
   * Makes a change that multiplies each column of each of several matrices by its factor.
   *
   * @param factors one for each column of the first matrix, then of the next; not copied
   * @param columns the width of a row
   * @param rowsOfMatrix the number of rows of a matrix
   * @param firstRow the row with which the reading begins, from 0, counted over all matrices
   * @param type f32, f16 or bf16, to which products are rounded
   */
  public static ScaledWeights columns(
      float[] factors, int columns, long rowsOfMatrix, long firstRow, ElementType type) {
    return new ScaledWeights(factors, false, columns, rowsOfMatrix, firstRow, type);
  }

  /**
   * Makes a change that multiplies each row by its factor.
   *
   * @param factors one for each row; not copied
   * @param columns the width of a row
   * @param firstRow the row with which the reading begins, from 0
   * @param type f32, f16 or bf16, to which products are rounded
   */
  public static ScaledWeights rows(float[] factors, int columns, long firstRow, ElementType type) {
    return new ScaledWeights(factors, true, columns, 1, firstRow, type);
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public void apply(float[] weights, int count) {
    for (int at = 0; at < count; ) {
      int column = (int) (next % columns);
      int length = Math.min(columns - column, count - at);
      multiply(weights, at, length, column);
      at += length;
      next += length;
    }
  }

  /** A part of a row. */
  private void multiply(float[] weights, int at, int length, int column) {
    long row = next / columns;
    int first = Math.toIntExact(ofRows ? row : row / rowsOfMatrix * columns + column);
    for (int i = 0; i < length; i++) {
      weights[at + i] = rounded(weights[at + i] * factors[ofRows ? first : first + i]);
    }
  }

  private float rounded(float product) {
    return switch (type) {
      case F16 -> HalfPrecision.toFloat(HalfPrecision.fromFloat(product));
      case BF16 -> BrainFloat.rounded(product);
      default -> product;
    };
  }
}

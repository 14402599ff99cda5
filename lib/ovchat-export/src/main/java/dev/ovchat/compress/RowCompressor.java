package dev.ovchat.compress;

import dev.ovchat.checkpoint.HalfPrecision;
import dev.ovchat.checkpoint.WeightReader;
import java.nio.ByteBuffer;

/**
 * Compresses the rows of a matrix [rows, columns] to integers with a scale per group of columns,
 * bit for bit as NNCF does without a data set. It keeps arrays of a row's size: one instance per
 * thread.
 */
public final class RowCompressor implements IntegerConversion {
  private final IntegerMode mode;
  private final int columns;
  private final int groupSize;
  private final FiniteRows finite;
  private final GroupRanges ranges;
  private final GroupScale group;
  private final float[] weights;
  private final float[] integers;
  private final int groups;
  private final float[] rowZeroPoints;
  private final IntegerPacker integerPacker;
  private final IntegerPacker zeroPointPacker;

  /**
   * Makes a compressor for one thread.
   *
   * @param groupSize the number of consecutive weights in a row that share a scale, a divisor of
   *     {@code columns}; -1 for the whole row
   * @param reader of a row's weights or more
   */
  public RowCompressor(IntegerMode mode, int columns, int groupSize, WeightReader reader) {
    this.mode = mode;
    this.columns = columns;
    this.groupSize = checkedGroupSize(groupSize, columns);
    this.finite = new FiniteRows(reader);
    this.ranges = new GroupRanges(columns, this.groupSize);
    this.group = new GroupScale(mode);
    this.weights = new float[columns];
    this.integers = new float[columns];
    this.groups = columns / this.groupSize;
    this.rowZeroPoints = new float[groups];
    this.integerPacker = new IntegerPacker(mode.bits(), columns);
    this.zeroPointPacker = new IntegerPacker(mode.bits(), rowZeroPoints.length);
  }

  /** The group size in weights: a divisor of the columns. */
  static int checkedGroupSize(int groupSize, int columns) {
    if (columns < 1) {
      throw new IllegalArgumentException(
          "A row has " + columns + " columns; give a number of 1 or more.");
    }
    int size = groupSize == -1 ? columns : groupSize;
    if (size < 1 || columns % size != 0) {
      throw new IllegalArgumentException(
          "Group size "
              + groupSize
              + " does not divide the "
              + columns
              + " columns of a row; give a divisor, or -1 for one group a row.");
    }
    return size;
  }

  /** Compresses rows; scales are infinite from 65,520 on, as in NNCF. */
  @Override
  public void convert(
      ByteBuffer source, int rows, ByteBuffer integers, ByteBuffer zeroPoints, ByteBuffer scales) {
    integerPacker.start(integers);
    zeroPointPacker.start(zeroPoints);
    for (int row = 0; row < rows; row++) {
      finite.read(source, weights);
      compressRow(scales);
    }
    integerPacker.finish();
    zeroPointPacker.finish();
  }

  private void compressRow(ByteBuffer scales) {
    ranges.find(weights);
    for (int index = 0; index < groups; index++) {
      quantize(index);
      rowZeroPoints[index] = group.zeroPoint();
      short half = HalfPrecision.fromFloat(group.scale());
      scales.put((byte) half).put((byte) (half >> 8));
    }
    integerPacker.put(integers);
    if (mode.asymmetric()) {
      zeroPointPacker.put(rowZeroPoints);
    }
  }

  private void quantize(int index) {
    int from = index * groupSize;
    group.fit(ranges.least(index), ranges.greatest(index));
    group.quantize(weights, from, from + groupSize, integers);
  }

  /**
   * Quantization error of the rows: the maximum over the rows of the mean over the row of (restored
   * weight − weight)²; NNCF's {@code get_integer_quantization_error} with {@code max_mean}. The
   * scale is the one before it becomes f16. Differences and squares are 32-bit as in NNCF, their
   * sum is 64-bit: it is nearer to the true sum, and NNCF's depends on the CPU.
   *
   * @param source little-endian weights, row by row; it moves past those read
   * @throws ArithmeticException if a weight is infinite or NaN
   */
  public double error(ByteBuffer source, int rows) {
    double greatest = 0;
    for (int row = 0; row < rows; row++) {
      finite.read(source, weights);
      greatest = Math.max(greatest, rowError());
    }
    return greatest;
  }

  private double rowError() {
    ranges.find(weights);
    float[] squares = integers;
    for (int index = 0; index < groups; index++) {
      int from = index * groupSize;
      quantize(index);
      group.squareDifferences(weights, from, from + groupSize, squares);
    }
    return sum(squares) / columns;
  }

  /** Sums in four accumulators, which do not depend on each other. */
  private static double sum(float[] values) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 3 < values.length; i += 4) {
      first += values[i];
      second += values[i + 1];
      third += values[i + 2];
      fourth += values[i + 3];
    }
    for (; i < values.length; i++) {
      first += values[i];
    }
    return first + second + third + fourth;
  }
}

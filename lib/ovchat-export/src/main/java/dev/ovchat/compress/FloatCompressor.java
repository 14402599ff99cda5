package dev.ovchat.compress;

import dev.ovchat.checkpoint.HalfPrecision;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;

/**
 * Compresses the rows of a matrix [rows, columns] to codes of few floating-point values with a
 * scale per group of columns, as NNCF does without a data set. It keeps arrays of a row's size: one
 * instance per thread.
 */
public final class FloatCompressor implements IntegerConversion {
  private final FloatMode mode;
  private final FloatCodes format;
  private final int groupSize;
  private final FiniteRows source;
  private final GroupRanges ranges;
  private final float[] weights;
  private final float[] codes;
  private final IntegerPacker packer;

  /**
   * Makes a compressor for one thread.
   *
   * @param groupSize the number of consecutive weights in a row that share a scale, a divisor of
   *     {@code columns}; -1 for the whole row
   * @param reader of a row's weights or more
   */
  public FloatCompressor(FloatMode mode, int columns, int groupSize, WeightReader reader) {
    this.mode = mode;
    this.format = FloatCodes.of(mode);
    this.groupSize = RowCompressor.checkedGroupSize(groupSize, columns);
    this.source = new FiniteRows(reader);
    this.ranges = new GroupRanges(columns, this.groupSize);
    this.weights = new float[columns];
    this.codes = new float[columns];
    this.packer = new IntegerPacker(mode.bits(), columns);
  }

  /** Compresses rows; scales in f16 are infinite from 65,520 on, as in NNCF. */
  @Override
  public void convert(
      ByteBuffer rowBytes, int rows, ByteBuffer target, ByteBuffer none, ByteBuffer scales) {
    packer.start(target);
    for (int row = 0; row < rows; row++) {
      source.read(rowBytes, weights);
      ranges.find(weights);
      for (int group = 0; group * groupSize < weights.length; group++) {
        float scale = FloatScale.of(mode, ranges.least(group), ranges.greatest(group));
        encode(group * groupSize, scale);
        put(scale, scales);
      }
      packer.put(codes);
    }
    packer.finish();
  }

  private void encode(int from, float scale) {
    for (int i = from; i < from + groupSize; i++) {
      codes[i] = format.of(weights[i] / scale);
    }
  }

  private void put(float scale, ByteBuffer scales) {
    if (mode.scaleType() == ElementType.F8E8M0) {
      scales.put((byte) (Math.getExponent(scale) + 127)); // the exponent is all that it has
    } else {
      short half = HalfPrecision.fromFloat(scale);
      scales.put((byte) half).put((byte) (half >> 8));
    }
  }
}

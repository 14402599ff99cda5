package dev.ovchat.compress;

import dev.ovchat.checkpoint.BlockFormat;
import dev.ovchat.checkpoint.HalfPrecision;
import dev.ovchat.checkpoint.QuantizedBlock;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Carries quantized weights over: the integers stay, each group's scale becomes f16, and its
 * minimum becomes the zero point −minimum / scale.
 *
 * <p>That is exact where the format has f16 scales and no minima. A product of scales is rounded to
 * f16, and so is a zero point, or to an integer, as {@link #forms} offers it.
 */
public final class BlockConversion implements IntegerConversion {
  private static final float GREATEST_HALF = 65_504f;

  private final BlockFormat format;
  private final Optional<ElementType> zeroPointType;
  private final boolean hasHalfZeroPoints;
  private final int greatestZeroPoint;
  private final int columns;
  private final QuantizedBlock block;
  private final float[] zeroPoints;
  private final float[] scales;
  private final IntegerPacker integerPacker;
  private final IntegerPacker zeroPointPacker;

  /**
   * Makes a conversion for one thread.
   *
   * @param form one of the format's forms
   * @param columns the width of a row: whole blocks
   */
  public BlockConversion(BlockFormat format, Storage.Carried form, int columns) {
    this.format = format;
    this.zeroPointType = form.zeroPoints();
    this.columns = columns;
    this.hasHalfZeroPoints = zeroPointType.equals(Optional.of(ElementType.F16));
    int bits = form.type() == ElementType.I4 || form.type() == ElementType.U4 ? 4 : 8;
    this.greatestZeroPoint = (1 << bits) - 1;
    this.block = new QuantizedBlock(format);
    int groups = format.weights() / format.groupSize();
    this.zeroPoints = new float[groups];
    this.scales = new float[groups];
    this.integerPacker = new IntegerPacker(bits, format.weights());
    this.zeroPointPacker = new IntegerPacker(bits, groups);
  }

  /**
   * The forms that a format can be carried over to, the usual one first. Those with zero points of
   * the integers' own type are known to more programs, those in f16 are nearer to the minima.
   */
  public static List<Storage.Carried> forms(BlockFormat format) {
    boolean isSmall = format.bits() <= 4;
    int size = format.groupSize();
    if (!format.hasMinima()) {
      ElementType type = isSmall ? ElementType.I4 : ElementType.I8;
      return List.of(new Storage.Carried(type, Optional.empty(), size));
    }
    ElementType type = isSmall ? ElementType.U4 : ElementType.U8;
    return List.of(
        new Storage.Carried(type, Optional.of(type), size),
        new Storage.Carried(type, Optional.of(ElementType.F16), size));
  }

  @Override
  public void convert(
      ByteBuffer source,
      int rows,
      ByteBuffer integers,
      ByteBuffer zeroPointBytes,
      ByteBuffer scaleBytes) {
    integerPacker.start(integers);
    zeroPointPacker.start(zeroPointBytes);
    for (int left = rows * (columns / format.weights()); left > 0; left--) {
      readBlock(source);
      fit();
      integerPacker.put(block.integers());
      if (hasHalfZeroPoints) {
        putHalves(zeroPoints, zeroPointBytes);
      } else if (zeroPointType.isPresent()) {
        zeroPointPacker.put(zeroPoints);
      }
      putHalves(scales, scaleBytes);
    }
    integerPacker.finish();
    zeroPointPacker.finish();
  }

  /**
   * Measures how far the converted rows would be from the file's weights.
   *
   * @param source little-endian blocks, row by row; it moves past those read
   * @throws ArithmeticException if a weight is infinite or NaN
   */
  public Deviation deviation(ByteBuffer source, int rows) {
    QuantizedBlock original = new QuantizedBlock(format);
    double squares = 0;
    double ofWeights = 0;
    for (int left = rows * (columns / format.weights()); left > 0; left--) {
      int start = source.position();
      readBlock(source);
      format.unpack(source.position(start), original);
      fit();
      for (int i = 0; i < format.weights(); i++) {
        int group = i / format.groupSize();
        double weight =
            original.integers()[i] * original.scales()[group] + original.minima()[group];
        double restored = (block.integers()[i] - zeroPoints[group]) * scales[group];
        squares += (restored - weight) * (restored - weight);
        ofWeights += weight * weight;
      }
    }
    return new Deviation(squares, ofWeights);
  }

  private void readBlock(ByteBuffer source) {
    format.unpack(source.order(ByteOrder.LITTLE_ENDIAN), block);
    for (int group = 0; group < scales.length; group++) {
      if (!Float.isFinite(block.scales()[group]) || !Float.isFinite(block.minima()[group])) {
        throw new ArithmeticException("A scale or a minimum is infinite or no number.");
      }
    }
  }

  /** Finds each group's scale and zero point, as they will be stored. */
  private void fit() {
    for (int group = 0; group < scales.length; group++) {
      scales[group] = half(block.scales()[group]);
      if (format.hasMinima()) {
        fitZeroPoint(group, block.minima()[group]);
      }
    }
  }

  private void fitZeroPoint(int group, float minimum) {
    float zero = -minimum / scales[group];
    if (Math.abs(zero) <= GREATEST_HALF) {
      zeroPoints[group] =
          hasHalfZeroPoints
              ? half(zero)
              : Math.max(0, Math.min(greatestZeroPoint, WholeFloats.rounded(zero)));
      return;
    }
    // The scale is 0 or lost beside the minimum, which all weights are, or nearly. No zero point is
    // that large; so all integers become 0, the zero point 1, and the scale −minimum.
    int from = group * format.groupSize();
    Arrays.fill(block.integers(), from, from + format.groupSize(), 0f);
    zeroPoints[group] = 1;
    scales[group] = half(-minimum);
  }

  private static float half(float value) {
    return HalfPrecision.toFloat(HalfPrecision.fromFloat(value));
  }

  private static void putHalves(float[] values, ByteBuffer target) {
    for (float value : values) {
      short half = HalfPrecision.fromFloat(value);
      target.put((byte) half).put((byte) (half >> 8));
    }
  }
}

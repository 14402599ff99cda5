/**
 * Conversion of weights to what a graph holds: {@link dev.ovchat.compress.RowCompressor} compresses
 * rows to integers, scales and zero points, by the rules of NNCF, {@link
 * dev.ovchat.compress.FloatCompressor} to codes of few floating-point values; {@link
 * dev.ovchat.compress.BlockConversion} carries over the integers of quantized weights; {@link
 * dev.ovchat.compress.FloatConversion} converts weights to other float types.
 *
 * <pre>{@code
 * WeightReader reader = new WeightReader(ElementType.BF16, columns);
 * new RowCompressor(IntegerMode.INT4_SYM, columns, 128, reader)
 *     .convert(source, rows, integers, zeroPoints, scales);
 * }</pre>
 */
package dev.ovchat.compress;

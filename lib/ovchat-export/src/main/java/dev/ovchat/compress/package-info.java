/**
 * Compression of weights to integers, by the rules of NNCF: {@link
 * dev.ovchat.compress.RowCompressor} makes integers, scales and zero points of rows, {@link
 * dev.ovchat.compress.FloatConversion} converts them to other float types.
 *
 * <pre>{@code
 * new RowCompressor(IntegerMode.INT4_SYM, columns, 128, ElementType.BF16)
 *     .compress(source, rows, integers, zeroPoints, scales);
 * }</pre>
 */
package dev.ovchat.compress;

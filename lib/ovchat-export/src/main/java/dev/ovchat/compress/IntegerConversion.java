package dev.ovchat.compress;

import java.nio.ByteBuffer;

/**
 * Turns rows of weights into integers, or codes of small floats, with scales, as a graph holds
 * them. One per thread.
 */
public interface IntegerConversion {
  /**
   * Reads rows and appends what they become. All buffers move on by what was read and written.
   *
   * <p>4-bit integers and zero points run on from row to row without padding. A matrix that is
   * converted in several calls therefore needs an even count of each in all but the last: an even
   * number of rows always gives that.
   *
   * @param source little-endian weights, row by row
   * @param integers i8, u8, i4 or u4, or codes of 4 or 8 bits, [row, column]
   * @param zeroPoints u8, u4 or little-endian f16, [row, group]; untouched where there are none
   * @param scales little-endian f16, or f8e8m0, [row, group]
   * @throws ArithmeticException if a weight is infinite or NaN: no integer stands for it
   */
  void convert(
      ByteBuffer source, int rows, ByteBuffer integers, ByteBuffer zeroPoints, ByteBuffer scales);
}

package dev.ovchat.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongFunction;

/**
 * The order of a query's or key's rows. llama.cpp rotates neighbouring pairs, transformers the two
 * halves of a head; so in Llama's GGUF files the halves' rows alternate.
 *
 * <pre>
 *   row in transformers   0 1 2 3 │ 4 5 6 7      row i of a half
 *   lies in GGUF at       0 2 4 6 │ 1 3 5 7      2 i, or 2 i + 1 for the second half
 * </pre>
 *
 * @param headSize number of rows of a head
 * @param rowBytes size of a row, in bytes
 */
record RowOrder(int headSize, int rowBytes) {
  /** Index in the file of a row of transformers'. */
  long inFile(long row) {
    long head = row / headSize * headSize;
    int inHead = (int) (row % headSize);
    int half = headSize / 2;
    return head + (inHead < half ? 2L * inHead : 2L * (inHead - half) + 1);
  }

  /**
   * Copies rows in transformers' order.
   *
   * @param firstRow index of the first row
   * @param rows number of rows
   * @param file gives the bytes of a row in the file, by its index there
   * @return a read-only, little-endian copy
   */
  ByteBuffer copy(long firstRow, int rows, LongFunction<ByteBuffer> file) {
    ByteBuffer copy = ByteBuffer.allocate(Math.multiplyExact(rows, rowBytes));
    for (long row = firstRow; row < firstRow + rows; row++) {
      copy.put(file.apply(inFile(row)));
    }
    return copy.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}

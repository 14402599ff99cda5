package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a tensor that one thread works on at a time: some rows of it.
 *
 * @param tensor [rows, columns]; a vector is one row
 * @param firstRow index of the first row, from 0
 * @param rows number of rows; even except in the last block, so that 4-bit rows begin at a byte
 */
record Block(CheckpointTensor tensor, long firstRow, int rows) {
  /**
   * Size of a block in the checkpoint, in bytes: large enough to be fast, small enough for many at
   * once.
   */
  private static final long SIZE = 4 << 20;

  /** Most weights of a block: those of four bits need much memory while they are worked on. */
  private static final long MOST = 2 << 20;

  /** Splits a tensor into blocks. */
  static List<Block> of(CheckpointTensor tensor) {
    long columns = columns(tensor);
    long rowBytes = Math.max(1, tensor.bytes(columns));
    long all = tensor.byteCount() / rowBytes;
    long rows = Math.max(2, Math.min(SIZE / rowBytes, MOST / Math.max(1, columns)) / 2 * 2);
    List<Block> blocks = new ArrayList<>();
    for (long first = 0; first < all; first += rows) {
      blocks.add(new Block(tensor, first, (int) Math.min(rows, all - first)));
    }
    return blocks;
  }

  private static long columns(CheckpointTensor tensor) {
    return tensor.shape().get(tensor.shape().size() - 1);
  }

  int columns() {
    return Math.toIntExact(columns(tensor));
  }

  /** Number of elements. */
  int size() {
    return Math.multiplyExact(rows, columns());
  }

  /** Offset in the tensor, in elements. */
  long firstNumber() {
    return firstRow * columns();
  }

  /** Offset in the tensor, in bytes. */
  long firstByte() {
    return tensor.bytes(firstNumber());
  }

  int byteCount() {
    return Math.toIntExact(tensor.bytes(size()));
  }
}

package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Matrices that lie in a file with their columns as rows: [experts, columns, rows] there, and
 * [experts, rows, columns] here.
 *
 * @param source the tensor in the file, of two bytes an element or four
 */
record TransposedTensor(CheckpointTensor tensor, CheckpointTensor source) implements MadeTensor {
  static TransposedTensor of(String name, CheckpointTensor source) {
    List<Long> shape = List.of(source.shape().get(0), source.shape().get(2), source.shape().get(1));
    return new TransposedTensor(
        new CheckpointTensor(name, source.type(), shape, source.file(), 0, source.byteCount()),
        source);
  }

  @Override
  public ByteBuffer map(CheckpointTensors files, long from, int byteCount) {
    int size = source.type().bytes();
    int rows = Math.toIntExact(tensor.shape().get(1));
    int columns = Math.toIntExact(tensor.shape().get(2));
    ByteBuffer copy = ByteBuffer.allocate(byteCount).order(ByteOrder.LITTLE_ENDIAN);
    long row = from / size / columns;
    int left = byteCount / size / columns;
    while (left > 0) { // the rows of one expert at a time
      int first = (int) (row % rows);
      int count = Math.min(left, rows - first);
      for (int column = 0; column < columns; column++) {
        long begin = (row / rows * columns + column) * rows + first;
        ByteBuffer there = files.map(source, begin * size, count * size);
        int at = copy.position() + column * size;
        for (int i = 0; i < count; i++, at += columns * size) {
          if (size == 2) {
            copy.putShort(at, there.getShort());
          } else {
            copy.putInt(at, there.getInt());
          }
        }
      }
      copy.position(copy.position() + count * columns * size);
      row += count;
      left -= count;
    }
    return copy.flip();
  }
}

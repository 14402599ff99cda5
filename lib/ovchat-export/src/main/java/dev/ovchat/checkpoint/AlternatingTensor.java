package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor whose rows are those of two others by turns, as gpt-oss has gate and up; GGUF files have
 * them apart.
 *
 * @param even the rows 0, 2, 4, …
 * @param odd the rows 1, 3, 5, …, as many, of the same type
 * @param rowBytes size of a row
 */
record AlternatingTensor(
    CheckpointTensor tensor, CheckpointTensor even, CheckpointTensor odd, int rowBytes)
    implements MadeTensor {
  static AlternatingTensor of(
      String name, List<Long> shape, CheckpointTensor even, CheckpointTensor odd, long rowBytes) {
    CheckpointTensor tensor =
        new CheckpointTensor(
            name, even.type(), even.blocks(), shape, even.file(), 0, 2 * even.byteCount());
    return new AlternatingTensor(tensor, even, odd, Math.toIntExact(rowBytes));
  }

  @Override
  public ByteBuffer map(CheckpointTensors files, long from, int byteCount) {
    long first = from / rowBytes;
    int count = byteCount / rowBytes;
    long start = first / 2;
    int pairs = (int) ((first + count + 1) / 2 - start);
    ByteBuffer evens = files.map(even, start * rowBytes, pairs * rowBytes);
    ByteBuffer odds = files.map(odd, start * rowBytes, pairs * rowBytes);
    ByteBuffer copy = ByteBuffer.allocate(byteCount);
    for (long row = first; row < first + count; row++) {
      int at = (int) (row / 2 - start) * rowBytes;
      copy.put((row % 2 == 0 ? evens : odds).slice(at, rowBytes));
    }
    return copy.flip().order(ByteOrder.LITTLE_ENDIAN);
  }
}

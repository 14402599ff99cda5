package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor that lies in the files in several parts, one after the other.
 *
 * @param parts in their order
 */
record JoinedTensor(CheckpointTensor tensor, List<Part> parts) implements MadeTensor {
  /** A run of bytes in a tensor of the files. */
  record Part(CheckpointTensor tensor, long from, long byteCount) {
    static Part whole(CheckpointTensor tensor) {
      return new Part(tensor, 0, tensor.byteCount());
    }
  }

  JoinedTensor {
    parts = List.copyOf(parts);
  }

  /** A tensor of the files under another name, and in another shape with the same elements. */
  static JoinedTensor renamed(CheckpointTensor tensor, String name, List<Long> shape) {
    return of(name, shape, List.of(Part.whole(tensor)));
  }

  static JoinedTensor of(String name, List<Long> shape, List<Part> parts) {
    CheckpointTensor first = parts.get(0).tensor();
    long byteCount = parts.stream().mapToLong(Part::byteCount).sum();
    return new JoinedTensor(
        new CheckpointTensor(name, first.type(), shape, first.file(), 0, byteCount), parts);
  }

  /** {@inheritDoc} Only a part that lies in several tensors of the files is copied. */
  @Override
  public ByteBuffer map(CheckpointTensors files, long from, int byteCount) {
    ByteBuffer copy = ByteBuffer.allocate(0);
    long start = 0;
    for (Part part : parts) {
      long begin = Math.max(from, start);
      long end = Math.min(from + byteCount, start + part.byteCount());
      if (begin < end) {
        ByteBuffer mapped =
            files.map(part.tensor(), part.from() + begin - start, (int) (end - begin));
        if (mapped.remaining() == byteCount) {
          return mapped;
        }
        copy = copy.capacity() == 0 ? ByteBuffer.allocate(byteCount) : copy;
        copy.put(mapped);
      }
      start += part.byteCount();
    }
    return copy.flip().order(ByteOrder.LITTLE_ENDIAN);
  }
}

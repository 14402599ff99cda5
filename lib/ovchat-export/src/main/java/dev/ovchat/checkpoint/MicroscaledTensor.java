package dev.ovchat.checkpoint;

import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * Matrices in OCP's format MXFP4 as gpt-oss is published: the floats of four bits in one tensor,
 * two in a byte, the lower half first, and the exponents of their groups of 32 in another. Here
 * they are blocks as GGUF has them: an exponent, then 16 bytes, whose lower halves are the first 16
 * weights.
 *
 * @param codes U8 [experts, rows, groups, 16]
 * @param exponents U8 [experts, rows, groups]
 */
record MicroscaledTensor(
    CheckpointTensor tensor, CheckpointTensor codes, CheckpointTensor exponents)
    implements MadeTensor {
  private static final int HALF = 16;
  private static final BlockFormat FORMAT = BlockFormat.MXFP4;

  static MicroscaledTensor of(String name, CheckpointTensor codes, CheckpointTensor exponents) {
    List<Long> groups = exponents.shape();
    List<Long> shape = List.of(groups.get(0), groups.get(1), groups.get(2) * FORMAT.weights());
    long byteCount = exponents.size() * FORMAT.bytes();
    return new MicroscaledTensor(
        new CheckpointTensor(
            name, ElementType.F32, Optional.of(FORMAT), shape, codes.file(), 0, byteCount),
        codes,
        exponents);
  }

  @Override
  public ByteBuffer map(CheckpointTensors files, long from, int byteCount) {
    int count = byteCount / FORMAT.bytes();
    long first = from / FORMAT.bytes();
    ByteBuffer four = files.map(codes, first * HALF, count * HALF);
    ByteBuffer eight = files.map(exponents, first, count);
    ByteBuffer blocks = ByteBuffer.allocate(byteCount).order(ByteOrder.LITTLE_ENDIAN);
    byte[] pairs = new byte[HALF];
    for (int block = 0; block < count; block++) {
      blocks.put(eight.get());
      four.get(pairs);
      for (int i = 0; i < HALF; i++) {
        blocks.put((byte) (code(pairs, i) | code(pairs, i + HALF) << 4));
      }
    }
    return blocks.flip();
  }

  private static int code(byte[] pairs, int weight) {
    return pairs[weight / 2] >> (weight % 2 * 4) & 15;
  }
}

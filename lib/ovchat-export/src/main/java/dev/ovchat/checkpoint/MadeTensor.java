package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;

/** A tensor whose bytes lie in the files in another way, and are brought into order when read. */
interface MadeTensor {
  /**
   * The entry that it would have: its name, type and shape, and the file that holds the first of
   * its bytes.
   */
  CheckpointTensor tensor();

  /**
   * Reads a part: whole rows.
   *
   * @param files what the files hold
   * @param from the part's first byte, counted from the tensor's
   * @param byteCount size of the part in bytes
   * @return the part, little-endian, from position 0
   */
  ByteBuffer map(CheckpointTensors files, long from, int byteCount);
}

package dev.ovchat.export;

import java.nio.ByteBuffer;

/**
 * Appends integers to a buffer as OpenVINO lays them out: 8 bits a byte each, 4 bits two a byte,
 * the first in the low nibble. Nibbles run on from call to call until {@link #finish}.
 */
final class IntegerPacker {
  private final boolean nibbles;
  private final byte[] packed;
  private ByteBuffer target;
  private boolean pending;
  private int pendingNibble;

  /**
   * @param largest count of one {@link #put}
   */
  IntegerPacker(int bits, int largest) {
    this.nibbles = bits == 4;
    this.packed = new byte[nibbles ? largest / 2 + 1 : largest];
  }

  void start(ByteBuffer buffer) {
    this.target = buffer;
    this.pending = false;
  }

  /** Appends the first {@code count} of the whole numbers. */
  void put(float[] integers, int count) {
    if (nibbles) {
      putNibbles(integers, count);
    } else {
      for (int i = 0; i < count; i++) {
        packed[i] = (byte) (int) integers[i];
      }
      target.put(packed, 0, count);
    }
  }

  private void putNibbles(float[] integers, int count) {
    int size = 0;
    int i = 0;
    if (pending && count > 0) {
      packed[size++] = (byte) (pendingNibble | (int) integers[i++] << 4);
      pending = false;
    }
    for (; i + 1 < count; i += 2) {
      packed[size++] = (byte) (((int) integers[i] & 15) | (int) integers[i + 1] << 4);
    }
    if (i < count) {
      pending = true;
      pendingNibble = (int) integers[i] & 15;
    }
    target.put(packed, 0, size);
  }

  /** Appends the last nibble of an odd number, with 0 above it. */
  void finish() {
    if (pending) {
      target.put((byte) pendingNibble);
      pending = false;
    }
  }
}

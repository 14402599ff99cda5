package dev.ovchat.compress;

import java.nio.ByteBuffer;

/**
 * Appends integers to a buffer in OpenVINO's layout: one 8-bit integer or two 4-bit integers per
 * byte, the first in the low nibble. Nibbles continue from call to call until {@link #finish}.
 */
final class IntegerPacker {
  private final boolean nibbles;
  private final byte[] packed;
  private ByteBuffer target;
  private boolean pending;
  private int pendingNibble;

  /**
   * @param largest the largest count of one {@link #put}
   */
  IntegerPacker(int bits, int largest) {
    this.nibbles = bits == 4;
    this.packed = new byte[nibbles ? largest / 2 : largest];
  }

  void start(ByteBuffer buffer) {
    this.target = buffer;
    this.pending = false;
  }

  /** Appends whole numbers. */
  void put(float[] integers) {
    if (nibbles) {
      putNibbles(integers);
    } else {
      for (int i = 0; i < integers.length; i++) {
        packed[i] = (byte) WholeFloats.lowBits(integers[i]);
      }
      target.put(packed, 0, integers.length);
    }
  }

  private void putNibbles(float[] integers) {
    int from = 0;
    if (pending) {
      target.put((byte) (pendingNibble | (WholeFloats.lowBits(integers[0]) << 4)));
      pending = false;
      from = 1;
    }
    int pairs = (integers.length - from) / 2;
    packPairs(integers, from, pairs);
    target.put(packed, 0, pairs);
    if (from + 2 * pairs < integers.length) {
      pending = true;
      pendingNibble = WholeFloats.lowBits(integers[integers.length - 1]) & 15;
    }
  }

  private void packPairs(float[] integers, int from, int count) {
    for (int pair = 0; pair < count; pair++) {
      int low = WholeFloats.lowBits(integers[from + 2 * pair]);
      int high = WholeFloats.lowBits(integers[from + 2 * pair + 1]);
      packed[pair] = (byte) ((low & 15) | (high << 4));
    }
  }

  /** Appends the last nibble of an odd number, with 0 above it. */
  void finish() {
    if (pending) {
      target.put((byte) pendingNibble);
      pending = false;
    }
  }
}

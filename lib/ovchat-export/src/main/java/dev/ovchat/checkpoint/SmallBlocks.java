package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;

/**
 * Takes ggml's blocks of 32 weights apart, which have one scale. Integers of four bits lie two in a
 * byte: the low halves are the first 16 weights, the high ones the other 16. The fifth bits lie
 * together, in one number of 32 bits.
 */
final class SmallBlocks {
  private static final int HALF = 16;

  private static final float[] IQ4_VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private static final float[] TWICE_E2M1 = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  private SmallBlocks() {}

  static void q4(ByteBuffer block, QuantizedBlock parts) {
    parts.scales[0] = half(block);
    nibbles(block, parts, -8);
  }

  static void q4WithMinimum(ByteBuffer block, QuantizedBlock parts) {
    parts.scales[0] = half(block);
    parts.minima[0] = half(block);
    nibbles(block, parts, 0);
  }

  static void q5(ByteBuffer block, QuantizedBlock parts) {
    parts.scales[0] = half(block);
    int fifth = block.getInt();
    nibbles(block, parts, -16);
    addFifthBits(fifth, parts);
  }

  static void q5WithMinimum(ByteBuffer block, QuantizedBlock parts) {
    parts.scales[0] = half(block);
    parts.minima[0] = half(block);
    int fifth = block.getInt();
    nibbles(block, parts, 0);
    addFifthBits(fifth, parts);
  }

  static void q8(ByteBuffer block, QuantizedBlock parts) {
    parts.scales[0] = half(block);
    for (int i = 0; i < 2 * HALF; i++) {
      parts.integers[i] = block.get();
    }
  }

  static void iq4(ByteBuffer block, QuantizedBlock parts) {
    parts.scales[0] = half(block);
    values(block, parts, IQ4_VALUES);
  }

  /** The scale is a power of two, 2^(byte − 128): half of OCP's, since the integers are twice. */
  static void mxfp4(ByteBuffer block, QuantizedBlock parts) {
    int exponent = block.get() & 0xFF;
    parts.scales[0] = Math.scalb(1f, exponent - 128);
    values(block, parts, TWICE_E2M1);
  }

  static float half(ByteBuffer block) {
    return HalfPrecision.toFloat(block.getShort());
  }

  private static void nibbles(ByteBuffer block, QuantizedBlock parts, int lowest) {
    for (int i = 0; i < HALF; i++) {
      int both = block.get();
      parts.integers[i] = (both & 15) + lowest;
      parts.integers[i + HALF] = ((both >> 4) & 15) + lowest;
    }
  }

  private static void values(ByteBuffer block, QuantizedBlock parts, float[] table) {
    for (int i = 0; i < HALF; i++) {
      int both = block.get();
      parts.integers[i] = table[both & 15];
      parts.integers[i + HALF] = table[(both >> 4) & 15];
    }
  }

  private static void addFifthBits(int fifth, QuantizedBlock parts) {
    for (int i = 0; i < 2 * HALF; i++) {
      parts.integers[i] += ((fifth >>> i) & 1) << 4;
    }
  }
}

package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;

/**
 * Takes ggml's blocks of 256 weights apart, the "K" formats: groups of 16 or 32, whose scales are
 * integers themselves, times one or two scales in f16 for the whole block. The low bits of the
 * weights and the higher ones lie in two parts of the block.
 */
final class SuperBlocks {
  private static final int GROUPS_OF_16 = 16;
  private static final int GROUPS_OF_32 = 8;

  private SuperBlocks() {}

  /** Scales 16 × (4 bits, 4 bits of the minimum), integers 2 bits, scale and minimum f16. */
  static void q2(ByteBuffer block, QuantizedBlock parts) {
    int start = block.position();
    pairsOfBits(block, start + GROUPS_OF_16, parts);
    block.position(start + 80);
    float scale = SmallBlocks.half(block);
    float minimum = SmallBlocks.half(block);
    for (int group = 0; group < GROUPS_OF_16; group++) {
      int both = block.get(start + group);
      parts.scales[group] = scale * (both & 15);
      parts.minima[group] = -(minimum * ((both >> 4) & 15));
    }
  }

  /** Third bits, inverted; integers' low 2 bits; scales 16 × 6 bits; scale f16. */
  static void q3(ByteBuffer block, QuantizedBlock parts) {
    int start = block.position();
    pairsOfBits(block, start + 32, parts);
    for (int i = 0; i < 256; i++) {
      parts.integers[i] += bits(block, start + i % 32, i / 32, 1) == 1 ? 0 : -4;
    }
    int packed = start + 96;
    block.position(start + 108);
    float scale = SmallBlocks.half(block);
    for (int group = 0; group < GROUPS_OF_16; group++) {
      int low = bits(block, packed + group % 8, group / 8 * 4, 15);
      int high = bits(block, packed + 8 + group % 4, group / 4 * 2, 3);
      parts.scales[group] = scale * (low + 16 * high - 32);
    }
  }

  /** Scale and minimum f16; scales and minima 8 × 6 bits each; integers 4 bits. */
  static void q4(ByteBuffer block, QuantizedBlock parts) {
    int start = block.position();
    scalesAndMinima(block, parts);
    quads(block, start + 16, parts);
  }

  /** The same as q4, with the fifth bits in front of the others. */
  static void q5(ByteBuffer block, QuantizedBlock parts) {
    int start = block.position();
    scalesAndMinima(block, parts);
    quads(block, start + 48, parts);
    for (int i = 0; i < 256; i++) {
      parts.integers[i] += 16 * bits(block, start + 16 + i % 32, i / 32, 1);
    }
  }

  /** Integers' low 4 bits, their high 2 bits, scales 16 × 8 bits, scale f16. */
  static void q6(ByteBuffer block, QuantizedBlock parts) {
    int start = block.position();
    for (int i = 0; i < 256; i++) {
      int half = i / 128;
      int inHalf = i % 128;
      int low = bits(block, start + half * 64 + inHalf % 64, inHalf / 64 * 4, 15);
      int high = bits(block, start + 128 + half * 32 + inHalf % 32, inHalf / 32 * 2, 3);
      parts.integers[i] = low + 16 * high - 32;
    }
    block.position(start + 208);
    float scale = SmallBlocks.half(block);
    for (int group = 0; group < GROUPS_OF_16; group++) {
      parts.scales[group] = scale * block.get(start + 192 + group);
    }
  }

  private static int bits(ByteBuffer block, int at, int shift, int mask) {
    return (block.get(at) >> shift) & mask;
  }

  /** Two bits a weight: 32 bytes hold 128 weights, the lowest bits the first 32 of them. */
  private static void pairsOfBits(ByteBuffer block, int at, QuantizedBlock parts) {
    for (int i = 0; i < 256; i++) {
      parts.integers[i] = bits(block, at + i / 128 * 32 + i % 32, i % 128 / 32 * 2, 3);
    }
  }

  /** Four bits a weight: 32 bytes hold 64 weights, the low halves the first 32 of them. */
  private static void quads(ByteBuffer block, int at, QuantizedBlock parts) {
    for (int i = 0; i < 256; i++) {
      parts.integers[i] = bits(block, at + i / 64 * 32 + i % 32, i % 64 / 32 * 4, 15);
    }
  }

  /**
   * Scales and minima of q4 and q5, in 12 bytes: the first four groups have 6 bits in a byte of
   * their own; the others have 4 bits in the last four bytes, and 2 on top of the first eight.
   */
  private static void scalesAndMinima(ByteBuffer block, QuantizedBlock parts) {
    float scale = SmallBlocks.half(block);
    float minimum = SmallBlocks.half(block);
    int at = block.position();
    for (int group = 0; group < GROUPS_OF_32; group++) {
      int ofScale;
      int ofMinimum;
      if (group < 4) {
        ofScale = bits(block, at + group, 0, 63);
        ofMinimum = bits(block, at + 4 + group, 0, 63);
      } else {
        ofScale = bits(block, at + 4 + group, 0, 15) + 16 * bits(block, at + group - 4, 6, 3);
        ofMinimum = bits(block, at + 4 + group, 4, 15) + 16 * bits(block, at + group, 6, 3);
      }
      parts.scales[group] = scale * ofScale;
      parts.minima[group] = -(minimum * ofMinimum);
    }
  }
}

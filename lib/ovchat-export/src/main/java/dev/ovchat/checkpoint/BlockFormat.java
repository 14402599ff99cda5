package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;

/**
 * A format of quantized weights, under ggml's name: blocks of consecutive weights of a row, each
 * with integers and scales of its own. A Q4_1 block is a scale and a minimum in f16 and 32 integers
 * of 4 bits.
 */
public enum BlockFormat {
  Q4_0(32, 18, 32, 4, Minima.NONE),
  Q4_1(32, 20, 32, 4, Minima.OF_GROUPS),
  Q5_0(32, 22, 32, 5, Minima.NONE),
  Q5_1(32, 24, 32, 5, Minima.OF_GROUPS),
  Q8_0(32, 34, 32, 8, Minima.NONE),
  Q2_K(256, 84, 16, 2, Minima.OF_GROUPS),
  Q3_K(256, 110, 16, 3, Minima.NONE),
  Q4_K(256, 144, 32, 4, Minima.OF_GROUPS),
  Q5_K(256, 176, 32, 5, Minima.OF_GROUPS),
  Q6_K(256, 210, 16, 6, Minima.NONE),
  /** Sixteen values that are not evenly spaced, integers of 8 bits. */
  IQ4_NL(32, 18, 32, 8, Minima.NONE),
  /** OCP's microscaling format: floats of 4 bits, twice which are integers from −12 to 12. */
  MXFP4(32, 17, 32, 5, Minima.NONE);

  private enum Minima {
    NONE,
    OF_GROUPS
  }

  private final int weights;
  private final int bytes;
  private final int groupSize;
  private final int bits;
  private final Minima minima;

  BlockFormat(int weights, int bytes, int groupSize, int bits, Minima minima) {
    this.weights = weights;
    this.bytes = bytes;
    this.groupSize = groupSize;
    this.bits = bits;
    this.minima = minima;
  }

  /** Number of weights in a block. */
  public int weights() {
    return weights;
  }

  /** Size of a block, in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Number of weights that share a scale. */
  public int groupSize() {
    return groupSize;
  }

  /** Number of bits that the integers need, with their sign. */
  public int bits() {
    return bits;
  }

  /** Returns whether groups have a minimum; their integers are then 0 or more. */
  public boolean hasMinima() {
    return minima == Minima.OF_GROUPS;
  }

  /** Takes the next block of a little-endian buffer apart, and moves the buffer past it. */
  public void unpack(ByteBuffer source, QuantizedBlock parts) {
    int end = source.position() + bytes;
    switch (this) {
      case Q4_0 -> SmallBlocks.q4(source, parts);
      case Q4_1 -> SmallBlocks.q4WithMinimum(source, parts);
      case Q5_0 -> SmallBlocks.q5(source, parts);
      case Q5_1 -> SmallBlocks.q5WithMinimum(source, parts);
      case Q8_0 -> SmallBlocks.q8(source, parts);
      case Q2_K -> SuperBlocks.q2(source, parts);
      case Q3_K -> SuperBlocks.q3(source, parts);
      case Q4_K -> SuperBlocks.q4(source, parts);
      case Q5_K -> SuperBlocks.q5(source, parts);
      case Q6_K -> SuperBlocks.q6(source, parts);
      case IQ4_NL -> SmallBlocks.iq4(source, parts);
      case MXFP4 -> SmallBlocks.mxfp4(source, parts);
    }
    source.position(end);
  }
}

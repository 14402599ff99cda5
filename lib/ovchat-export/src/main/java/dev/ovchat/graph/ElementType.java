package dev.ovchat.graph;

import java.util.Locale;

/** Element type of a tensor in a graph, under OpenVINO's names. */
public enum ElementType {
  BOOLEAN("BOOL", 8),
  F16("FP16", 16),
  BF16("BF16", 16),
  F32("FP32", 32),
  I4("I4", 4),
  U4("U4", 4),
  I8("I8", 8),
  U8("U8", 8),
  NF4("NF4", 4),
  F4E2M1("F4E2M1", 4),
  F8E4M3("F8E4M3", 8),
  F8E8M0("F8E8M0", 8),
  I32("I32", 32),
  I64("I64", 64);

  private final String precision;
  private final int bits;

  ElementType(String precision, int bits) {
    this.precision = precision;
    this.bits = bits;
  }

  /** The name in attributes of the IR, such as {@code f32}. */
  String attribute() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name in ports of the IR, such as {@code FP32}. */
  String precision() {
    return precision;
  }

  /** Size of an element, in bits. */
  public int bits() {
    return bits;
  }

  /**
   * Size of an element, in bytes.
   *
   * @throws IllegalStateException if elements share a byte
   */
  public int bytes() {
    if (bits < 8) {
      throw new IllegalStateException("Numbers of the type " + this + " share a byte.");
    }
    return bits / 8;
  }

  /** Size of this many elements, in bytes; the last byte of 4-bit elements may be half used. */
  public long bytes(long numbers) {
    return (Math.multiplyExact(numbers, bits) + 7) / 8;
  }
}

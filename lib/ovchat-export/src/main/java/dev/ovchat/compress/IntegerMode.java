package dev.ovchat.compress;

import dev.ovchat.graph.ElementType;

/**
 * An integer format of compressed weights; NNCF's {@code CompressWeightsMode} of the same name.
 * Symmetric: weight ≈ integer · scale. Asymmetric: weight ≈ (integer − zero point) · scale.
 */
public enum IntegerMode {
  INT4_SYM(ElementType.I4, 4, false),
  INT4_ASYM(ElementType.U4, 4, true),
  INT8_SYM(ElementType.I8, 8, false),
  INT8_ASYM(ElementType.U8, 8, true);

  private final ElementType type;
  private final int bits;
  private final boolean asymmetric;

  IntegerMode(ElementType type, int bits, boolean asymmetric) {
    this.type = type;
    this.bits = bits;
    this.asymmetric = asymmetric;
  }

  /** Element type of the integers in a graph. */
  public ElementType type() {
    return type;
  }

  int bits() {
    return bits;
  }

  /** Returns whether each group has a zero point; its integers are then unsigned. */
  public boolean asymmetric() {
    return asymmetric;
  }

  /** The lowest integer. */
  int lowest() {
    return asymmetric ? 0 : -(1 << (bits - 1));
  }

  /** The highest integer. */
  int highest() {
    return lowest() + (1 << bits) - 1;
  }
}

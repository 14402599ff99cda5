package dev.ovchat.compress;

import dev.ovchat.graph.ElementType;

/**
 * A format of compressed weights with few floating-point values; NNCF's {@code CompressWeightsMode}
 * of the same name: weight ≈ value of the code · scale.
 */
public enum FloatMode {
  /** The 16 values of OpenVINO's nf4, from −1 to 1, with a scale in f16. */
  NF4(ElementType.NF4, ElementType.F16, 1f),
  /** The 15 values of f4e2m1, with a power of two as scale. */
  MXFP4(ElementType.F4E2M1, ElementType.F8E8M0, 6f),
  /** Numbers of 8 bits, with a power of two as scale. */
  MXFP8_E4M3(ElementType.F8E4M3, ElementType.F8E8M0, 448f),
  /** A codebook of 16 values, and indices into it, with a scale in f16. */
  CB4(ElementType.U4, ElementType.F16, 3.5f);

  private final ElementType type;
  private final ElementType scaleType;
  private final float greatest;

  FloatMode(ElementType type, ElementType scaleType, float greatest) {
    this.type = type;
    this.scaleType = scaleType;
    this.greatest = greatest;
  }

  /** Element type of the codes in a graph. */
  public ElementType type() {
    return type;
  }

  /** Element type of the scales in a graph. */
  public ElementType scaleType() {
    return scaleType;
  }

  /** The greatest value of a code. */
  float greatest() {
    return greatest;
  }

  int bits() {
    return this == MXFP8_E4M3 ? 8 : 4;
  }
}

package dev.ovchat.export;

/** Storage format of most weights: optimum-cli's {@code --weight-format}, and one of ours. */
public enum WeightFormat {
  /** Floating-point numbers of 32 bits. */
  FP32,
  /** Floating-point numbers of 16 bits. */
  FP16,
  /** Integers of 8 bits, with a scale for each row. */
  INT8,
  /** Integers of 4 bits, with a scale for each group; some weights stay at the backup precision. */
  INT4(128, 0.6),
  /**
   * One of 16 floating-point values, which lie closer around zero, with a scale for each group;
   * some weights stay at the backup precision.
   */
  NF4(128, 1),
  /**
   * Floating-point numbers of 4 bits in groups of 32, with a power of two as scale. Without a
   * backup precision of one's own the other weights become numbers of 8 bits of that kind.
   */
  MXFP4(32, 1),
  /**
   * One of 16 floating-point values of a codebook, with a scale for each row, or for each group;
   * some weights stay at the backup precision.
   */
  CB4(-1, 1),
  /**
   * The checkpoint's own: integers of a GGUF file are carried over, with their groups, to the form
   * of OpenVINO's that is nearest; floats stay floats; matrices that an adapter changes become
   * floats. The other options say nothing about it.
   */
  ORIGINAL;

  private final boolean fourBits;
  private final int groupSize;
  private final double ratio;

  /** A format for which group size and ratio say nothing; they stay the document's. */
  WeightFormat() {
    this.fourBits = false;
    this.groupSize = 128;
    this.ratio = 0.6;
  }

  WeightFormat(int groupSize, double ratio) {
    this.fourBits = true;
    this.groupSize = groupSize;
    this.ratio = ratio;
  }

  /**
   * Tests whether most weights get four bits: group size, ratio, backup precision and all layers
   * say something for these formats alone.
   */
  public boolean hasFourBits() {
    return fourBits;
  }

  /** The group size where none is set: for int4 the document's, for others optimum-cli's own. */
  public int defaultGroupSize() {
    return groupSize;
  }

  /** The ratio where none is set: for int4 the document's, for others optimum-cli's own. */
  public double defaultRatio() {
    return ratio;
  }
}

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
  INT4,
  /**
   * The checkpoint's own: integers of a GGUF file are carried over, with their groups, to the form
   * of OpenVINO's that is nearest; floats stay floats. The other options say nothing about it.
   */
  ORIGINAL
}

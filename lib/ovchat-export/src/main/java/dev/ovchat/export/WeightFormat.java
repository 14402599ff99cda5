package dev.ovchat.export;

/** What most weights are stored as; optimum-cli's {@code --weight-format}. */
public enum WeightFormat {
  /** 32 bits, a floating-point number. */
  FP32,
  /** 16 bits, a floating-point number. */
  FP16,
  /** 8 bits, an integer that shares a scale with its row. */
  INT8,
  /** 4 bits, an integer that shares a scale with its group; some weights stay at 8 bits. */
  INT4
}

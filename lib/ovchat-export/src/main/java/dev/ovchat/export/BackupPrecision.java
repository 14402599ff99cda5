package dev.ovchat.export;

/** Precision of the weights that do not get four bits; optimum-cli's backup precision. */
public enum BackupPrecision {
  /** The checkpoint's own precision. */
  NONE,
  /** Integers of 8 bits, symmetric around zero. */
  INT8_SYM,
  /** Integers of 8 bits, with a zero point per row. */
  INT8_ASYM
}

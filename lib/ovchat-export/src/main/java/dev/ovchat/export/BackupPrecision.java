package dev.ovchat.export;

/** What the weights are stored as that do not become int4; optimum-cli's backup precision. */
public enum BackupPrecision {
  /** As in the checkpoint. */
  NONE,
  /** 8 bits, symmetric around zero. */
  INT8_SYM,
  /** 8 bits, with a zero point per row. */
  INT8_ASYM
}

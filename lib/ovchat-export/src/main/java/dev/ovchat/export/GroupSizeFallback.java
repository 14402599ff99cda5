package dev.ovchat.export;

/**
 * Treatment of a matrix whose rows the group size does not divide; optimum-cli's {@code
 * --group-size-fallback}.
 */
public enum GroupSizeFallback {
  /** The export is refused, with a sentence that names the matrix. */
  ERROR,
  /**
   * It keeps the checkpoint's own precision, whatever the backup precision is, and counts for
   * nothing in the ratio.
   */
  IGNORE,
  /**
   * Its groups become the largest power of two that divides its rows. Where that is below 32, it
   * gets the backup precision, and counts for nothing in the ratio.
   */
  ADJUST
}

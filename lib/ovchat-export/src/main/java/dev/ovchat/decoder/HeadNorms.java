package dev.ovchat.decoder;

/** The norms of queries and keys. */
public enum HeadNorms {
  NONE,
  /** A norm of each head by itself. */
  EACH,
  /** A norm of all heads at once. */
  ALL,
  /** A norm of each head by itself, after it was rotated. */
  AFTER_ROTATION
}

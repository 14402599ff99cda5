package dev.ovchat.decoder;

/** The norms of queries and keys. */
public enum HeadNorms {
  NONE,
  /** Of each head by itself. */
  EACH,
  /** Of all heads at once. */
  ALL,
  /** Of each head by itself, after it was rotated. */
  AFTER_ROTATION
}

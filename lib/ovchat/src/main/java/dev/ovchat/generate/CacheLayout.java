package dev.ovchat.generate;

/** Layout of a model's KV cache. */
public enum CacheLayout {
  /**
   * A state of each inference session, with a row for each sequence, all of one length: as
   * optimum-intel has it.
   */
  CONTIGUOUS,

  /**
   * Blocks of 32 tokens, which sequences take as they grow, and share where they are the same:
   * OpenVINO's paged attention. On the CPU alone. With the cache in f32 or f16 the tokens are those
   * of {@link #CONTIGUOUS}; integers (u8, the CPU's default) are rounded in other groups, which may
   * decide near-ties differently. A {@code CACHE_DIR} does not make the load faster: OpenVINO
   * compiles such a model anew each time.
   */
  PAGED
}

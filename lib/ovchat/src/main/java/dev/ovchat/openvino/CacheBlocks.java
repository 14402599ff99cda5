package dev.ovchat.openvino;

import java.util.List;

/**
 * The KV cache of a session on a model with paged attention: blocks of a fixed number of tokens,
 * each with the keys and values of all layers. A block is known by its index.
 *
 * <p>Not safe for use by several threads, and not while an inference runs.
 */
public final class CacheBlocks implements AutoCloseable {
  private static final String KEYS = "key_cache.";
  private static final String VALUES = "value_cache.";

  private final List<CacheTensor> tensors;
  private int count;

  CacheBlocks(List<CacheTensor> tensors) {
    this.tensors = List.copyOf(tensors);
    resize(1); // from now on the size of a block is known
  }

  /** Tests whether a model's input is a part of the cache. */
  public static boolean isCache(String input) {
    return input.startsWith(KEYS) || input.startsWith(VALUES);
  }

  /** The number of tokens that a block holds. */
  public int tokensPerBlock() {
    // Keys may have scales among their tokens; values have them among their features.
    return tensors.stream().mapToInt(CacheTensor::tokens).min().orElseThrow();
  }

  /** The number of blocks. */
  public int count() {
    return count;
  }

  /** Bytes of one block, all layers together. */
  public long bytesPerBlock() {
    return tensors.stream().mapToLong(CacheTensor::bytesPerBlock).sum();
  }

  /**
   * Takes memory for more blocks; those that are there keep their content.
   *
   * @param blocks the new number, larger than {@link #count()}
   * @throws OpenVinoException if there is not enough memory
   */
  public void resize(int blocks) {
    tensors.forEach(tensor -> tensor.resize(count, blocks));
    count = blocks;
  }

  /** Copies a block over another one. */
  public void copy(int from, int to) {
    tensors.forEach(tensor -> tensor.copy(from, to));
  }

  /** Frees the memory. The session has to be closed before, or not to be used again. */
  @Override
  public void close() {
    tensors.forEach(CacheTensor::close);
  }
}

package dev.ovchat.cache;

import java.util.Arrays;
import java.util.List;

/**
 * A sequence in a {@link PagedCache}: its tokens that have been read, and the blocks they lie in.
 */
public final class PagedSequence {
  private int[] tokens = new int[64];
  private int length;
  private int[] blocks = new int[8];
  private int blockCount;
  private long[] publications = new long[8]; // of the first blocks, which are full
  private int publishedCount;

  PagedSequence() {}

  /** Number of its tokens in the cache. */
  public int length() {
    return length;
  }

  /** The tokens of a full block. */
  List<Integer> tokensOf(int block, int tokensPerBlock) {
    int from = block * tokensPerBlock;
    return Arrays.stream(tokens, from, from + tokensPerBlock).boxed().toList();
  }

  int blockCount() {
    return blockCount;
  }

  int block(int index) {
    return blocks[index];
  }

  void addBlock(int block) {
    if (blockCount == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * blockCount);
    }
    blocks[blockCount++] = block;
  }

  void setBlock(int index, int block) {
    blocks[index] = block;
  }

  int removeLastBlock() {
    return blocks[--blockCount];
  }

  void append(int[] more) {
    if (length + more.length > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(length + more.length, 2 * tokens.length));
    }
    System.arraycopy(more, 0, tokens, length, more.length);
    length += more.length;
  }

  void truncate(int length, int tokensPerBlock) {
    this.length = length;
    publishedCount = Math.min(publishedCount, length / tokensPerBlock);
  }

  /** Number of its first blocks that others can find. */
  int publishedCount() {
    return publishedCount;
  }

  long lastPublication() {
    return publishedCount == 0 ? BlockPool.NOTHING_BEFORE : publications[publishedCount - 1];
  }

  void addPublication(long publication) {
    if (publishedCount == publications.length) {
      publications = Arrays.copyOf(publications, 2 * publishedCount);
    }
    publications[publishedCount++] = publication;
  }

  PagedSequence copy() {
    var copy = new PagedSequence();
    copy.tokens = tokens.clone();
    copy.length = length;
    copy.blocks = blocks.clone();
    copy.blockCount = blockCount;
    copy.publications = publications.clone();
    copy.publishedCount = publishedCount;
    return copy;
  }
}

package dev.ovchat.cache;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The blocks of a KV cache that are in use, by how many sequences, and what full ones hold.
 *
 * <p>A full block can be found by its tokens and by the block before it, so that sequences with the
 * same beginning share it. One that nobody uses any more stays to be found until its place is
 * needed; those that were not used for the longest time go first.
 */
final class BlockPool {
  /** Stands for the block before a sequence's first one. */
  static final long NOTHING_BEFORE = 0;

  /**
   * The content of a full block.
   *
   * @param before the publication of the block before it
   * @param tokens its tokens
   */
  private record Content(long before, List<Integer> tokens) {}

  private final int most;
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Map<Content, Integer> published = new HashMap<>();
  private final Set<Integer> unused = new LinkedHashSet<>(); // published blocks, by their last use
  private int[] users = new int[0];
  private long[] publication = new long[0]; // counted, since blocks come again with other content
  private Content[] contents = new Content[0];
  private long publications;

  /**
   * @param most the maximum number of blocks
   */
  BlockPool(int most) {
    this.most = most;
  }

  /** Number of blocks that memory has been taken for. */
  int count() {
    return users.length;
  }

  /** The maximum number of blocks. */
  int most() {
    return most;
  }

  /** Number of blocks that can still be taken. */
  int available() {
    return most - count() + free.size() + unused.size();
  }

  /** Adds blocks, which the cache now has memory for, up to that number. */
  void growTo(int count) {
    for (int block = count(); block < count; block++) {
      free.add(block);
    }
    users = Arrays.copyOf(users, count);
    publication = Arrays.copyOf(publication, count);
    contents = Arrays.copyOf(contents, count);
  }

  /** Takes a block for one user; empty if that takes more memory. */
  OptionalInt take() {
    if (free.isEmpty() && !unused.isEmpty()) {
      Iterator<Integer> oldest = unused.iterator();
      int block = oldest.next();
      oldest.remove();
      withdraw(block);
      free.add(block);
    }
    if (free.isEmpty()) {
      return OptionalInt.empty();
    }
    int block = free.remove();
    users[block] = 1;
    return OptionalInt.of(block);
  }

  /** Adds a user. */
  void retain(int block) {
    if (users[block]++ == 0) {
      unused.remove(block);
    }
  }

  /** Takes a user away. */
  void release(int block) {
    if (--users[block] == 0) {
      if (contents[block] == null) {
        free.add(block);
      } else {
        unused.add(block);
      }
    }
  }

  /** Tests whether others use a block as well. */
  boolean isShared(int block) {
    return users[block] > 1;
  }

  /**
   * Lets others find a full block, unless they find an equal one already.
   *
   * @param before the publication of the block before it
   * @return the publication of the one that they find
   */
  long publish(int block, long before, List<Integer> tokens) {
    var content = new Content(before, tokens);
    Integer equal = published.putIfAbsent(content, block);
    if (equal != null) {
      return publication[equal];
    }
    contents[block] = content;
    publication[block] = ++publications;
    return publications;
  }

  /** Lets nobody find a block any more, since its content changes. */
  void withdraw(int block) {
    if (contents[block] != null) {
      published.remove(contents[block]);
      contents[block] = null;
    }
  }

  /** The publication of a block that was found. */
  long publication(int block) {
    return publication[block];
  }

  /** The block with these tokens after that block; empty if they are in none. */
  OptionalInt find(long before, List<Integer> tokens) {
    Integer block = published.get(new Content(before, tokens));
    return block == null ? OptionalInt.empty() : OptionalInt.of(block);
  }
}

package dev.ovchat.tokenizerfile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The tokens that a {@code tokenizer.json} knows, by id.
 *
 * <p>Read here and not from the native tokenizer, which offers no way from an id to its token. A
 * vocabulary of 262,144 pieces takes 4 MB: the tokens lie one after the other in one array, each
 * with its length in front.
 */
public final class Vocabulary {
  /**
   * A limit far above any real vocabulary (262,144): beyond it something is wrong with the file.
   */
  static final int LARGEST_ID = 10_000_000;

  private static final int NONE = -1;

  private byte[] pool = new byte[1 << 12];
  private int used;
  private int[] starts = new int[1 << 8];
  private int size;
  private int count;

  Vocabulary() {
    Arrays.fill(starts, NONE);
  }

  /** Returns whether a number can be an id. */
  static boolean isId(int number) {
    return number >= 0 && number <= LARGEST_ID;
  }

  /**
   * Sets the token of an id, in place of an earlier one.
   *
   * @param id from 0 to {@link #LARGEST_ID}
   */
  void put(int id, String token) {
    if (id >= starts.length) {
      int before = starts.length;
      starts = Arrays.copyOf(starts, Math.max(id + 1, 2 * before));
      Arrays.fill(starts, before, starts.length, NONE);
    }
    byte[] text = token.getBytes(StandardCharsets.UTF_8);
    count += starts[id] == NONE ? 1 : 0;
    starts[id] = used;
    size = Math.max(size, id + 1);
    append(text);
  }

  private void append(byte[] text) {
    int needed = used + Integer.BYTES + text.length;
    if (needed > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(needed, 2 * pool.length));
    }
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      pool[used++] = (byte) (text.length >> shift);
    }
    System.arraycopy(text, 0, pool, used, text.length);
    used += text.length;
  }

  /** Gives back the room for more tokens. */
  void trim() {
    pool = Arrays.copyOf(pool, used);
    starts = Arrays.copyOf(starts, size);
  }

  /** Number of ids that have a token. */
  int count() {
    return count;
  }

  /** The wanted tokens that there are, with their ids. */
  Map<String, Integer> ids(Set<String> wanted) {
    // Few are wanted: a look at the bytes saves making a text of each token.
    var hashes = new BitSet();
    for (String token : wanted) {
      byte[] text = token.getBytes(StandardCharsets.UTF_8);
      hashes.set(hash(text, 0, text.length));
    }
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < size; id++) {
      if (starts[id] != NONE && hashes.get(hash(pool, textStart(id), textLength(id)))) {
        ids.put(token(id), id);
      }
    }
    ids.keySet().retainAll(wanted);
    return ids;
  }

  /** A number from 0 to 65,535. */
  private static int hash(byte[] bytes, int start, int length) {
    int hash = 0;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (hash ^ hash >>> Character.SIZE) & Character.MAX_VALUE;
  }

  private int textStart(int id) {
    return starts[id] + Integer.BYTES;
  }

  private int textLength(int id) {
    int length = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      length |= (pool[starts[id] + i] & 0xFF) << (Byte.SIZE * i);
    }
    return length;
  }

  /** One more than the highest id. */
  public int size() {
    return size;
  }

  /**
   * The token of an id, as the vocabulary spells it: {@code ▁} stands for a space, {@code <0x0A>}
   * for a byte. Empty where the vocabulary leaves an id out.
   *
   * @throws IndexOutOfBoundsException if the id is below 0, or {@link #size()} or above
   */
  public String token(int id) {
    return starts[Objects.checkIndex(id, size)] == NONE
        ? ""
        : new String(pool, textStart(id), textLength(id), StandardCharsets.UTF_8);
  }
}

package dev.ovchat.text;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One sequence of token ids, which never changes.
 *
 * <pre>{@code
 * TokenIds.of(1, 15043, 3186)      // [1, 15043, 3186]
 * }</pre>
 */
public final class TokenIds {
  private final int[] ids;

  private TokenIds(int[] ids) {
    this.ids = ids;
  }

  /** These ids; the array is copied. */
  public static TokenIds of(int... ids) {
    return new TokenIds(ids.clone());
  }

  /** Number of ids. */
  public int size() {
    return ids.length;
  }

  /** Returns whether the size is 0. */
  public boolean isEmpty() {
    return ids.length == 0;
  }

  /**
   * The id at an index.
   *
   * @throws IndexOutOfBoundsException if the index is below 0, or {@link #size()} or above
   */
  public int get(int index) {
    return ids[index];
  }

  /**
   * The first ids.
   *
   * @param count how many of them, 0 to {@link #size()}
   * @throws IndexOutOfBoundsException if there are not as many
   */
  public TokenIds first(int count) {
    return new TokenIds(Arrays.copyOf(ids, Objects.checkIndex(count, ids.length + 1)));
  }

  /** Number of ids that this sequence and another one begin with alike. */
  public int commonPrefix(TokenIds other) {
    int mismatch = Arrays.mismatch(ids, other.ids);
    return mismatch < 0 ? ids.length : mismatch;
  }

  /** A copy of the ids. */
  public int[] toArray() {
    return ids.clone();
  }

  /** The ids one after the other. */
  public IntStream stream() {
    return Arrays.stream(ids);
  }

  /**
   * The attention mask, which says which positions hold a token (1) and which are padding (0): all
   * ones, since a single sequence is never padded.
   *
   * @return a new array of {@link #size()} values
   */
  public int[] attentionMask() {
    int[] mask = new int[ids.length];
    Arrays.fill(mask, 1);
    return mask;
  }

  /** These ids followed by others. */
  public TokenIds plus(TokenIds following) {
    int[] all = Arrays.copyOf(ids, ids.length + following.ids.length);
    System.arraycopy(following.ids, 0, all, ids.length, following.ids.length);
    return new TokenIds(all);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenIds sequence && Arrays.equals(ids, sequence.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  /** The ids in brackets, for instance {@code [1, 15043, 3186]}. */
  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}

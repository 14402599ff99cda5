package dev.ovchat.graph;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The dimensions of a tensor, outermost first.
 *
 * @param dims dimensions, each 0 or more, or {@link #DYNAMIC}
 */
public record Shape(List<Long> dims) {
  /** A dimension that is known only when the model runs, such as the number of tokens. */
  public static final long DYNAMIC = -1;

  public Shape {
    dims = List.copyOf(dims);
  }

  /** A shape of these dimensions; the array is copied. */
  public static Shape of(long... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  /** Number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /**
   * One dimension.
   *
   * @param axis index of the dimension: from 0 for the outermost, or from -1 for the innermost
   */
  public long dim(int axis) {
    return dims.get(fromFront(axis));
  }

  int fromFront(int axis) {
    return axis < 0 ? axis + rank() : axis;
  }

  /** A copy with one dimension changed. */
  public Shape with(int axis, long dim) {
    List<Long> changed = new ArrayList<>(dims);
    changed.set(fromFront(axis), dim);
    return new Shape(changed);
  }

  /** Number of elements, or {@link #DYNAMIC}. */
  public long elements() {
    return dims.contains(DYNAMIC) ? DYNAMIC : dims.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * The shape of an elementwise operation's result: dimensions are compared from the innermost on,
   * and one of 1 stretches to the other (NumPy's rule).
   */
  Shape broadcast(Shape other) {
    List<Long> result = new ArrayList<>();
    for (int axis = -Math.max(rank(), other.rank()); axis < 0; axis++) {
      long left = -axis > rank() ? 1 : dim(axis);
      long right = -axis > other.rank() ? 1 : other.dim(axis);
      if (left != right && isFixed(left) && isFixed(right)) {
        throw new IllegalArgumentException("Shapes do not fit: " + this + " and " + other + ".");
      }
      result.add(left == 1 || (left == DYNAMIC && right != 1) ? right : left);
    }
    return new Shape(result);
  }

  private static boolean isFixed(long dim) {
    return dim != 1 && dim != DYNAMIC;
  }

  /** The form in attributes of the IR, such as {@code ?,4,?,64}. */
  String attribute(String separator) {
    return dims.stream()
        .map(dim -> dim == DYNAMIC ? "?" : Long.toString(dim))
        .collect(joining(separator));
  }

  @Override
  public String toString() {
    return "[" + attribute(", ") + "]";
  }
}

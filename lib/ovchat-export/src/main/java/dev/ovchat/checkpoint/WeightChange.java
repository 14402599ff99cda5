package dev.ovchat.checkpoint;

import dev.ovchat.graph.ElementType;

/** A change of weights while they are read, in their order; one instance per reader. */
public interface WeightChange {
  /**
   * Changes the next {@code count} weights, from index 0 of the array on.
   *
   * @throws ArithmeticException if a result is infinite or NaN
   */
  void apply(float[] weights, int count);

  /** An element type that holds all results as they are. */
  default ElementType type() {
    return ElementType.F32;
  }
}

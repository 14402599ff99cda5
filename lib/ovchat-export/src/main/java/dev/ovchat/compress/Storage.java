package dev.ovchat.compress;

import dev.ovchat.graph.ElementType;

/** The storage format of a matrix of weights. */
public sealed interface Storage {
  /**
   * Floating-point numbers.
   *
   * @param type f32, f16 or bf16
   */
  record Floats(ElementType type) implements Storage {
    @Override
    public String toString() {
      return type.toString();
    }
  }

  /**
   * Integers with a scale for each group, and a zero point if asymmetric.
   *
   * @param groupSize the number of weights of a row that form a group; -1 for the whole row
   */
  record Integers(IntegerMode mode, int groupSize) implements Storage {
    @Override
    public String toString() {
      return mode.toString();
    }
  }
}

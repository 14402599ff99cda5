package dev.ovchat.compress;

import dev.ovchat.graph.ElementType;

/** What a matrix of weights is stored as. */
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
   * Integers with a scale for each group, and maybe a zero point.
   *
   * @param groupSize how many weights of a row are a group; -1 for all
   */
  record Integers(IntegerMode mode, int groupSize) implements Storage {
    @Override
    public String toString() {
      return mode.toString();
    }
  }
}

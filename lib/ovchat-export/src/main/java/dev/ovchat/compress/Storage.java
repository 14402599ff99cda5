package dev.ovchat.compress;

import dev.ovchat.graph.ElementType;
import java.util.Optional;

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
   * Integers, or codes of small floats, with a scale for each group, and a zero point where the
   * range is not symmetric.
   */
  sealed interface Grouped extends Storage {
    /** Element type of the integers or codes. */
    ElementType type();

    /** Element type of the zero points; empty where there are none. */
    Optional<ElementType> zeroPoints();

    /** The number of weights of a row that form a group; -1 for the whole row. */
    int groupSize();

    /** Element type of the scales. */
    default ElementType scaleType() {
      return ElementType.F16;
    }
  }

  /** Integers that {@link RowCompressor} finds. */
  record Integers(IntegerMode mode, int groupSize) implements Grouped {
    @Override
    public ElementType type() {
      return mode.type();
    }

    @Override
    public Optional<ElementType> zeroPoints() {
      return mode.asymmetric() ? Optional.of(mode.type()) : Optional.empty();
    }

    @Override
    public String toString() {
      return mode.toString();
    }
  }

  /** Codes of small floats that {@link FloatCompressor} finds. */
  record SmallFloats(FloatMode mode, int groupSize) implements Grouped {
    @Override
    public ElementType type() {
      return mode.type();
    }

    @Override
    public Optional<ElementType> zeroPoints() {
      return Optional.empty();
    }

    @Override
    public ElementType scaleType() {
      return mode.scaleType();
    }

    @Override
    public String toString() {
      return mode.toString();
    }
  }

  /** Integers of a quantized checkpoint, which {@link BlockConversion} carries over. */
  record Carried(ElementType type, Optional<ElementType> zeroPoints, int groupSize)
      implements Grouped {
    @Override
    public String toString() {
      return type + zeroPoints.map(points -> " with zero points in " + points).orElse("");
    }
  }
}

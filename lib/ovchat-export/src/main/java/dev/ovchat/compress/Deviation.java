package dev.ovchat.compress;

/**
 * Distance of restored weights from the original ones.
 *
 * @param squares sum of (restored weight − weight)²
 * @param ofWeights sum of weight²
 */
public record Deviation(double squares, double ofWeights) {
  /** The deviation of two parts of a matrix together. */
  public Deviation plus(Deviation other) {
    return new Deviation(squares + other.squares, ofWeights + other.ofWeights);
  }

  /** Root mean square of the differences, as a share of that of the weights; 0 where all are 0. */
  public double relative() {
    return squares == 0 ? 0 : Math.sqrt(squares / ofWeights);
  }
}

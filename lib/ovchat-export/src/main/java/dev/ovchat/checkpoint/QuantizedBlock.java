package dev.ovchat.checkpoint;

/**
 * A block of quantized weights, taken apart: weight = integer · scale + minimum, with a scale and a
 * minimum for each group. One instance serves for one block after the other.
 */
public final class QuantizedBlock {
  private final int groupSize;
  private final boolean hasMinima;

  /** Whole numbers; floats, since loops over them become vector instructions. */
  final float[] integers;

  final float[] scales;
  final float[] minima;

  /** Creates a place for the blocks of a format. */
  public QuantizedBlock(BlockFormat format) {
    this.groupSize = format.groupSize();
    this.hasMinima = format.hasMinima();
    this.integers = new float[format.weights()];
    this.scales = new float[format.weights() / groupSize];
    this.minima = new float[scales.length];
  }

  /** The whole numbers, in the order of the weights; not a copy. */
  public float[] integers() {
    return integers;
  }

  /** The scales, one for each group; not a copy. */
  public float[] scales() {
    return scales;
  }

  /** The minima, one for each group, 0 where the format has none; not a copy. */
  public float[] minima() {
    return minima;
  }

  /**
   * Writes the weights: each product and sum is rounded to f32, as in ggml.
   *
   * @param at index of the first weight
   */
  void restore(float[] weights, int at) {
    for (int group = 0; group < scales.length; group++) {
      int from = group * groupSize;
      float scale = scales[group];
      float minimum = minima[group];
      for (int i = from; i < from + groupSize; i++) {
        float product = integers[i] * scale;
        weights[at + i] = hasMinima ? product + minimum : product; // −0 stays −0 without a minimum
      }
    }
  }
}

package dev.ovchat.compress;

/**
 * Data-free AWQ of a matrix W [rows, columns] that gets four bits; the rule is that of NNCF 3.4.0's
 * {@code AWQ._data_free_step}, bit for bit.
 *
 * <p>The weights of a group share a scale, so that columns with small weights suffer from large
 * ones beside them. Therefore each column is divided by the mean m of its magnitudes, and what it
 * is multiplied by is multiplied by m: the product is the same, and all columns are alike.
 *
 * <pre>
 *   W · x = (W · diag(1 / m)) · (diag(m) · x)
 *   m of a column = max(mean of |w|, 2⁻²³)
 * </pre>
 *
 * <p>AWQ itself looks at activations to find the columns that count. Without a data set there are
 * none, and the weights alone decide.
 *
 * <pre>{@code
 * AwqScale scale = new AwqScale(columns);
 * rows.forEach(scale::add);
 * float[] ofColumns = scale.weightFactors();
 * }</pre>
 */
public final class AwqScale {
  /** NumPy's epsilon of f32. */
  private static final float LEAST_MEAN = 0x1p-23f;

  private final float[] sums;
  private final int matrices;
  private final int columns;
  private final int rows;
  private long added;

  /** Makes the scale of one matrix, without rows yet. */
  public AwqScale(int columns) {
    this(1, Integer.MAX_VALUE, columns);
  }

  /**
   * Makes the scales of several matrices, such as those of experts, without rows yet.
   *
   * @param rows number of rows of each
   * @param columns number of columns of each
   */
  public AwqScale(int matrices, int rows, int columns) {
    this.sums = new float[Math.multiplyExact(matrices, columns)];
    this.matrices = matrices;
    this.columns = columns;
    this.rows = rows;
  }

  /** Adds the next row; the sums are f32, row by row, as NumPy's are. */
  public void add(float[] row) {
    int first = Math.toIntExact(added / rows * columns);
    for (int column = 0; column < columns; column++) {
      sums[first + column] += Math.abs(row[column]);
    }
    added++;
  }

  /** The factor of each column: 1 / m; those of one matrix after the other, in a new array. */
  public float[] weightFactors() {
    float[] factors = new float[sums.length];
    long rowsOfEach = added / matrices;
    for (int column = 0; column < factors.length; column++) {
      factors[column] = 1 / Math.max(sums[column] / rowsOfEach, LEAST_MEAN);
    }
    return factors;
  }

  /**
   * The factor of each feature that meets a matrix: 1 / (1 / m); in the same order, in a new array.
   */
  public float[] featureFactors() {
    float[] factors = weightFactors();
    for (int column = 0; column < factors.length; column++) {
      factors[column] = 1 / factors[column];
    }
    return factors;
  }
}

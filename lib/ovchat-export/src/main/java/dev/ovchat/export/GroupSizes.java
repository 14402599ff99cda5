package dev.ovchat.export;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The group size of each matrix that may get four bits, by NNCF's rules for rows that the wanted
 * size does not divide.
 *
 * @param wanted number of weights of a row that share a scale, or -1 for the whole row
 * @param fixed whether the format has no other size
 */
record GroupSizes(int wanted, GroupSizeFallback fallback, boolean fixed) {
  /** NNCF's {@code min_adjusted_group_size}. */
  private static final int SMALLEST_ADJUSTED = 32;

  /** Tests whether the wanted size divides a matrix's rows. */
  private boolean fits(Matrix matrix) {
    return wanted == -1 || matrix.columns() % wanted == 0;
  }

  /** The group size of a matrix. */
  int of(Matrix matrix) {
    return fits(matrix) || fallback != GroupSizeFallback.ADJUST
        ? wanted
        : Math.toIntExact(Long.lowestOneBit(matrix.columns()));
  }

  /** Tests whether a matrix may get four bits; what may not counts for nothing in the ratio. */
  boolean allows(Matrix matrix) {
    return fits(matrix)
        || switch (fallback) {
          case ERROR -> true;
          case IGNORE -> false;
          case ADJUST -> of(matrix) >= SMALLEST_ADJUSTED;
        };
  }

  /** Tests whether a matrix that may not get four bits keeps the checkpoint's own precision. */
  boolean keepsOriginal(Matrix matrix) {
    return fallback == GroupSizeFallback.IGNORE && !fits(matrix);
  }

  /**
   * Checks the matrices that are stored in groups.
   *
   * @throws ExportException if the group size does not divide the rows of one
   */
  void require(Collection<Matrix> grouped) {
    for (Matrix matrix : grouped) {
      if (matrix.columns() % of(matrix) != 0) {
        throw new ExportException(
            String.format(
                Locale.ROOT,
                "The rows of %s are %d weights wide, which groups of %d do not divide; take %s.",
                matrix.name(),
                matrix.columns(),
                wanted,
                fixed ? "another weight format" : fitting(grouped) + "-1 for one group a row"));
      }
    }
  }

  /** Sizes that divide all rows. */
  private static String fitting(Collection<Matrix> grouped) {
    String sizes =
        IntStream.of(16, 32, 64, 128, 256)
            .filter(size -> grouped.stream().allMatch(matrix -> matrix.columns() % size == 0))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return sizes.isEmpty() ? "" : sizes + ", or ";
  }
}

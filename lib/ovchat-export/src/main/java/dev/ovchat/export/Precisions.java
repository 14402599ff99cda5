package dev.ovchat.export;

import static java.util.Comparator.comparingDouble;

import dev.ovchat.compress.IntegerMode;
import dev.ovchat.compress.RowCompressor;
import dev.ovchat.compress.Storage;
import dev.ovchat.graph.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Chooses the storage format of each matrix, by the rules of NNCF's weight compression without
 * data.
 *
 * <p>For int4 with a ratio below 1: the matrices inside the layers compete. Those with the largest
 * quantization error at int8 become int4 first (NNCF's score is 1 / error), until the next one
 * would reach the ratio of all their weights; the others stay at the backup precision. So do the
 * embedding and lm_head, unless all layers are asked for.
 */
final class Precisions implements StorageChoice {
  /** Smallest step of each element type in NNCF's score: bf16 weights have that of f16. */
  private static final Map<ElementType, Double> STEP =
      Map.of(
          ElementType.F32, 0x1p-23,
          ElementType.F16, 0x1p-10,
          ElementType.BF16, 0x1p-10);

  private final ExportOptions options;
  private final List<Matrix> matrices;
  private final boolean lastIsShared;

  Precisions(ExportOptions options, List<Matrix> matrices, boolean lastIsShared) {
    this.options = options;
    this.matrices = matrices;
    this.lastIsShared = lastIsShared;
  }

  @Override
  public List<Matrix> measured() {
    return options.ratio() > 0 && options.ratio() < 1 ? competing() : List.of();
  }

  @Override
  public Map<String, Storage> choose(WeightStream stream)
      throws InterruptedException, ExecutionException {
    Map<Matrix, Double> errors = stream.errors(measured());
    return choose(errors::get);
  }

  /**
   * Chooses the storage format of each matrix, by name.
   *
   * @param error quantization error of a matrix at int8, {@link RowCompressor#error}; called for
   *     the matrices of {@link #measured()}
   */
  Map<String, Storage> choose(ToDoubleFunction<Matrix> error) {
    Set<Matrix> int4 = new HashSet<>(options.ratio() == 1 ? competing() : leastSensitive(error));
    requireGroups(int4);
    Map<String, Storage> chosen = new HashMap<>();
    for (Matrix matrix : matrices) {
      chosen.put(matrix.name(), int4.contains(matrix) ? int4() : other(matrix));
    }
    return chosen;
  }

  /** The matrices to which the ratio applies. */
  private List<Matrix> competing() {
    if (options.weightFormat() != WeightFormat.INT4) {
      return List.of();
    }
    List<Matrix> competing =
        matrices.stream().filter(matrix -> !matrix.embedding()).collect(Collectors.toList());
    if (options.allLayers()) {
      matrices.stream().filter(Matrix::embedding).forEach(competing::add);
    } else if (!lastIsShared) {
      competing.remove(competing.size() - 1);
    }
    return competing;
  }

  private List<Matrix> leastSensitive(ToDoubleFunction<Matrix> error) {
    List<Matrix> competing = measured();
    long all = competing.stream().mapToLong(Matrix::size).sum();
    List<Matrix> taken = new ArrayList<>();
    long size = 0;
    for (Matrix matrix : byScore(competing, error)) {
      if ((double) (size + matrix.size()) / all >= options.ratio()) {
        break;
      }
      taken.add(matrix);
      size += matrix.size();
    }
    return taken;
  }

  private static List<Matrix> byScore(List<Matrix> competing, ToDoubleFunction<Matrix> error) {
    double[] scores =
        competing.stream()
            .mapToDouble(
                matrix ->
                    1 / ((float) error.applyAsDouble(matrix) + STEP.get(matrix.tensor().type())))
            .toArray();
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(comparingDouble(i -> scores[i]))
        .map(competing::get)
        .toList();
  }

  private Storage int4() {
    return new Storage.Integers(
        options.symmetric() ? IntegerMode.INT4_SYM : IntegerMode.INT4_ASYM, options.groupSize());
  }

  private Storage other(Matrix matrix) {
    return switch (options.weightFormat()) {
      case FP32 -> new Storage.Floats(ElementType.F32);
      case FP16 -> new Storage.Floats(ElementType.F16);
      case INT8 ->
          new Storage.Integers(
              options.symmetric() ? IntegerMode.INT8_SYM : IntegerMode.INT8_ASYM, -1);
      case ORIGINAL -> throw new IllegalStateException("OriginalFormats chooses for ORIGINAL.");
      case INT4 ->
          switch (options.backupPrecision()) {
            case NONE -> new Storage.Floats(matrix.tensor().type());
            case INT8_SYM -> new Storage.Integers(IntegerMode.INT8_SYM, -1);
            case INT8_ASYM -> new Storage.Integers(IntegerMode.INT8_ASYM, -1);
          };
    };
  }

  private void requireGroups(Set<Matrix> int4) {
    for (Matrix matrix : matrices) {
      boolean fits = options.groupSize() == -1 || matrix.columns() % options.groupSize() == 0;
      if (int4.contains(matrix) && !fits) {
        throw new ExportException(
            String.format(
                Locale.ROOT,
                "The rows of %s are %d weights wide, which groups of %d do not divide; take %s-1 for one group a row.",
                matrix.name(),
                matrix.columns(),
                options.groupSize(),
                fitting(int4)));
      }
    }
  }

  /** Sizes that divide all rows. */
  private static String fitting(Set<Matrix> int4) {
    String sizes =
        IntStream.of(16, 32, 64, 128, 256)
            .filter(size -> int4.stream().allMatch(matrix -> matrix.columns() % size == 0))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return sizes.isEmpty() ? "" : sizes + ", or ";
  }
}

package dev.ovchat.export;

import static java.util.Comparator.comparingDouble;

import dev.ovchat.compress.FloatMode;
import dev.ovchat.compress.IntegerMode;
import dev.ovchat.compress.RowCompressor;
import dev.ovchat.compress.Storage;
import dev.ovchat.graph.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
 * <p>For formats of four bits with a ratio below 1: the matrices inside the layers compete. Those
 * with the largest quantization error at int8 get four bits first (NNCF's score is 1 / error),
 * until the next one would reach the ratio of all their weights; the others stay at the backup
 * precision. So do the embedding and lm_head, unless all layers are asked for.
 */
final class Precisions implements StorageChoice {
  /**
   * Smallest step of each element type in NNCF's score: bf16 weights have that of f16. With an
   * adapter it is that of the checkpoint still, for all: scores with different steps could not be
   * compared.
   */
  private static final Map<ElementType, Double> STEP =
      Map.of(
          ElementType.F32, 0x1p-23,
          ElementType.F16, 0x1p-10,
          ElementType.BF16, 0x1p-10);

  private final ExportOptions options;
  private final GroupSizes groups;
  private final List<Matrix> matrices;
  private final boolean lastIsShared;

  /**
   * @param matrices those to choose for
   * @param lastIsShared whether lm_head is not the last of them: it is the embedding, or ignored
   */
  Precisions(ExportOptions options, List<Matrix> matrices, boolean lastIsShared) {
    this.options = options;
    this.groups =
        new GroupSizes(
            options.groupSize(),
            options.groupSizeFallback(),
            options.weightFormat() == WeightFormat.MXFP4);
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
    Set<Matrix> fourBits =
        new HashSet<>(options.ratio() == 1 ? competing() : leastSensitive(error));
    Set<Matrix> candidates = new HashSet<>(candidates());
    Map<String, Storage> chosen = new HashMap<>();
    for (Matrix matrix : matrices) {
      boolean untouched = candidates.contains(matrix) && groups.keepsOriginal(matrix);
      chosen.put(
          matrix.name(),
          fourBits.contains(matrix)
              ? primary(matrix)
              : untouched ? original(matrix) : other(matrix));
    }
    groups.require(
        matrices.stream().filter(matrix -> isInGroups(chosen.get(matrix.name()))).toList());
    return chosen;
  }

  private static boolean isInGroups(Storage storage) {
    return storage instanceof Storage.Grouped grouped && grouped.groupSize() != -1;
  }

  /** The matrices to which the ratio applies. */
  private List<Matrix> competing() {
    return candidates().stream().filter(groups::allows).toList();
  }

  /**
   * The matrices that would get four bits at a ratio of 1, if the group size divides their rows.
   */
  private List<Matrix> candidates() {
    if (!options.weightFormat().hasFourBits()) {
      return List.of();
    }
    List<Matrix> candidates =
        matrices.stream().filter(matrix -> !matrix.embedding()).collect(Collectors.toList());
    if (options.allLayers()) {
      matrices.stream().filter(Matrix::embedding).forEach(candidates::add);
    } else if (!lastIsShared) {
      candidates.remove(candidates.size() - 1);
    }
    return candidates;
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
                matrix -> 1 / ((float) error.applyAsDouble(matrix) + STEP.get(matrix.scoredType())))
            .toArray();
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(comparingDouble(i -> scores[i]))
        .map(competing::get)
        .toList();
  }

  /** The format of a matrix that gets four bits. */
  private Storage primary(Matrix matrix) {
    int size = groups.of(matrix);
    return switch (options.weightFormat()) {
      case INT4 ->
          new Storage.Integers(
              options.symmetric() ? IntegerMode.INT4_SYM : IntegerMode.INT4_ASYM, size);
      case NF4 -> new Storage.SmallFloats(FloatMode.NF4, size);
      case MXFP4 -> new Storage.SmallFloats(FloatMode.MXFP4, size);
      case CB4 -> new Storage.SmallFloats(FloatMode.CB4, size);
      case FP32, FP16, INT8, ORIGINAL ->
          throw new IllegalStateException(options.weightFormat() + " has no four bits.");
    };
  }

  private static Storage original(Matrix matrix) {
    return new Storage.Floats(matrix.floatType());
  }

  private Storage other(Matrix matrix) {
    return switch (options.weightFormat()) {
      case FP32 -> new Storage.Floats(ElementType.F32);
      case FP16 -> new Storage.Floats(ElementType.F16);
      case INT8 ->
          new Storage.Integers(
              options.symmetric() ? IntegerMode.INT8_SYM : IntegerMode.INT8_ASYM, -1);
      case ORIGINAL -> throw new IllegalStateException("OriginalFormats chooses for ORIGINAL.");
      case INT4, NF4, MXFP4, CB4 ->
          options
              .backupPrecision()
              .map(precision -> backup(precision, matrix))
              .orElseGet(() -> new Storage.SmallFloats(FloatMode.MXFP8_E4M3, options.groupSize()));
    };
  }

  private static Storage backup(BackupPrecision precision, Matrix matrix) {
    return switch (precision) {
      case NONE -> original(matrix);
      case INT8_SYM -> new Storage.Integers(IntegerMode.INT8_SYM, -1);
      case INT8_ASYM -> new Storage.Integers(IntegerMode.INT8_ASYM, -1);
    };
  }
}

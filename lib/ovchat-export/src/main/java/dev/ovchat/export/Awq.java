package dev.ovchat.export;

import dev.ovchat.checkpoint.WeightChange;
import dev.ovchat.compress.AwqScale;
import dev.ovchat.compress.ScaledWeights;
import dev.ovchat.compress.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Changes of data-free AWQ to a model: weights while they are read, and activations in the graph.
 * As in NNCF, it comes after the choice of precisions, and scales those matrices alone that are
 * compressed to four bits; the matrix that takes the scale back may have any precision. Integers of
 * a GGUF file that stay as they are cannot be scaled: where one of the two has them, neither is.
 */
final class Awq {
  /** AWQ of no matrix. */
  static final Awq NONE = new Awq();

  private final Map<String, Function<Block, WeightChange>> changes = new HashMap<>();
  private final Map<String, float[]> activationFactors = new HashMap<>();

  private Awq() {}

  /**
   * Finds the scales of the matrices that are compressed to four bits; the others count as
   * measured.
   *
   * @param storage storage format of each matrix, by its tensor's name
   */
  static Awq measure(List<AwqMatch> matches, Map<String, Storage> storage, WeightStream stream)
      throws InterruptedException, ExecutionException {
    List<AwqMatch> scaled = new ArrayList<>();
    List<Callable<AwqScale>> tasks = new ArrayList<>();
    for (AwqMatch match : matches) {
      Matrix matrix = match.matrix();
      if (isScaled(match, storage)) {
        scaled.add(match);
        tasks.add(() -> scale(matrix, stream));
      } else {
        stream.skip(matrix);
      }
    }
    List<AwqScale> scales = Workers.run(tasks);
    Awq awq = new Awq();
    for (int i = 0; i < scales.size(); i++) {
      awq.add(scaled.get(i), scales.get(i));
    }
    return awq;
  }

  private static boolean isScaled(AwqMatch match, Map<String, Storage> storage) {
    boolean isBackCarried =
        match.before().filter(before -> isCarried(storage.get(before.name()))).isPresent();
    Storage own = storage.get(match.matrix().name());
    return own instanceof Storage.Grouped grouped
        && grouped.type().bits() == 4
        && !isCarried(own)
        && !isBackCarried;
  }

  private static boolean isCarried(Storage storage) {
    return storage instanceof Storage.Carried;
  }

  /** One thread reads all rows of a matrix, since the sums depend on their order. */
  private static AwqScale scale(Matrix matrix, WeightStream stream) {
    AwqScale scale =
        new AwqScale(
            Math.toIntExact(matrix.matrices()),
            Math.toIntExact(matrix.rows() / matrix.matrices()),
            Math.toIntExact(matrix.columns()));
    stream.rows(matrix, scale::add);
    return scale;
  }

  private void add(AwqMatch match, AwqScale scale) {
    Matrix matrix = match.matrix();
    float[] ofColumns = scale.weightFactors();
    changes.put(
        matrix.name(),
        block ->
            ScaledWeights.columns(
                ofColumns,
                block.columns(),
                matrix.rows() / matrix.matrices(),
                block.firstRow(),
                matrix.valueType()));
    float[] back = scale.featureFactors();
    if (match.before().isEmpty()) {
      activationFactors.put(match.source(), back);
      return;
    }
    Matrix before = match.before().get();
    changes.put(
        before.name(),
        block -> ScaledWeights.rows(back, block.columns(), block.firstRow(), before.valueType()));
  }

  /** The change of a block's weights, if there is one. */
  Optional<WeightChange> change(Block block) {
    return Optional.ofNullable(changes.get(block.tensor().name()))
        .map(change -> change.apply(block));
  }

  /** The factors of the features that an operation makes; empty if they stay as they are. */
  Optional<float[]> activationFactors(String operation) {
    return Optional.ofNullable(activationFactors.get(operation));
  }
}

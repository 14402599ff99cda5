package dev.ovchat.export;

import dev.ovchat.compress.BlockConversion;
import dev.ovchat.compress.Deviation;
import dev.ovchat.compress.Storage;
import dev.ovchat.graph.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Chooses the storage format of matrices that are to stay as they are: of the forms that the blocks
 * of a quantized one can be carried over to, the one with the smallest measured error, the usual
 * one where errors are equal. Weights that are not quantized keep their element type; those that an
 * adapter changes become {@link Matrix#floatType}.
 */
final class OriginalFormats implements StorageChoice {
  /**
   * Largest deviation of a carried matrix; beyond it the scales are out of f16's range, and the
   * weights become f32.
   */
  private static final double LARGEST_DEVIATION = 1.0 / 256;

  private final List<Matrix> matrices;

  OriginalFormats(List<Matrix> matrices) {
    this.matrices = matrices;
  }

  @Override
  public List<Matrix> measured() {
    return matrices.stream().filter(OriginalFormats::isCarried).toList();
  }

  @Override
  public Map<String, Storage> choose(WeightStream stream)
      throws InterruptedException, ExecutionException {
    Map<String, Storage> chosen = new HashMap<>();
    for (Matrix matrix : matrices) {
      chosen.put(matrix.name(), format(matrix, stream));
    }
    return chosen;
  }

  private static boolean isCarried(Matrix matrix) {
    return matrix.tensor().blocks().isPresent() && !matrix.isMerged();
  }

  private static Storage format(Matrix matrix, WeightStream stream)
      throws InterruptedException, ExecutionException {
    if (!isCarried(matrix)) {
      return new Storage.Floats(matrix.floatType());
    }
    List<Storage.Carried> forms = BlockConversion.forms(matrix.tensor().blocks().get());
    Map<Storage.Carried, Deviation> deviations = stream.deviations(matrix, forms);
    Storage.Carried nearest = forms.get(0);
    for (Storage.Carried form : forms) {
      if (deviations.get(form).relative() < deviations.get(nearest).relative()) {
        nearest = form;
      }
    }
    return deviations.get(nearest).relative() <= LARGEST_DEVIATION
        ? nearest
        : new Storage.Floats(ElementType.F32);
  }
}

package dev.ovchat.export;

import dev.ovchat.compress.Storage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Choice of the storage format of each matrix. */
sealed interface StorageChoice permits Precisions, OriginalFormats, PartlyIgnored {
  /** The choice that the options ask for. */
  static StorageChoice of(ExportOptions options, ModelTensors model) throws InterruptedException {
    List<Matrix> matrices = model.matrices();
    Set<Matrix> ignored = options.ignoredScope().of(matrices);
    if (options.weightFormat() == WeightFormat.ORIGINAL) {
      return new OriginalFormats(matrices);
    }
    if (ignored.isEmpty()) {
      return new Precisions(options, matrices, model.lastIsShared());
    }
    boolean lastIsIgnored = ignored.contains(matrices.get(matrices.size() - 1));
    return new PartlyIgnored(
        new OriginalFormats(List.copyOf(ignored)),
        new Precisions(
            options,
            matrices.stream().filter(matrix -> !ignored.contains(matrix)).toList(),
            model.lastIsShared() || lastIsIgnored));
  }

  /** The matrices on whose values the choice depends; they are read once more for it. */
  List<Matrix> measured();

  /** Measures those matrices and chooses the storage format of each matrix, by name. */
  Map<String, Storage> choose(WeightStream stream) throws InterruptedException, ExecutionException;
}

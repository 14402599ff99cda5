package dev.ovchat.export;

import dev.ovchat.compress.Storage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Choice of the storage format of each matrix. */
sealed interface StorageChoice permits Precisions, OriginalFormats {
  /** The choice that the options ask for. */
  static StorageChoice of(ExportOptions options, ModelTensors model) {
    return options.weightFormat() == WeightFormat.ORIGINAL
        ? new OriginalFormats(model.matrices())
        : new Precisions(options, model.matrices(), model.lastIsShared());
  }

  /** The matrices on whose values the choice depends; they are read once more for it. */
  List<Matrix> measured();

  /** Measures those matrices and chooses the storage format of each matrix, by name. */
  Map<String, Storage> choose(WeightStream stream) throws InterruptedException, ExecutionException;
}

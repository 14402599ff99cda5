package dev.ovchat.export;

import java.nio.file.Path;
import java.util.List;

/**
 * The input of an export.
 *
 * @param checkpoint the model
 * @param adapters what is merged into its weights
 */
record ExportSource(Checkpoint checkpoint, Adapters adapters) implements AutoCloseable {
  /**
   * Opens a checkpoint and adapters. Of the weights, only their locations are read.
   *
   * @throws dev.ovchat.files.UnusableFileException if one of them is not what it has to be
   */
  static ExportSource open(Path checkpoint, List<WeightedAdapter> adapters) {
    Adapters opened = Adapters.open(adapters);
    return new ExportSource(Checkpoint.open(checkpoint), opened);
  }

  /**
   * Checks that the files have not changed since they were opened.
   *
   * @throws dev.ovchat.files.UnusableFileException if a file has another size or time of change
   */
  void requireUnchanged() {
    checkpoint.requireUnchanged();
    adapters.requireUnchanged();
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}

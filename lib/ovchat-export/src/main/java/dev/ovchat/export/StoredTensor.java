package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.compress.Storage;
import dev.ovchat.graph.Constant;

/** A tensor of the checkpoint, and the constants of the graph that it becomes. */
sealed interface StoredTensor {
  CheckpointTensor source();

  /** Floating-point numbers, in the constant's type. */
  record AsFloats(CheckpointTensor source, Constant numbers) implements StoredTensor {}

  /**
   * Integers.
   *
   * @param zeroPoints the zero points; null if there are none
   */
  record AsIntegers(
      CheckpointTensor source,
      Storage.Grouped storage,
      Constant integers,
      Constant zeroPoints,
      Constant scales)
      implements StoredTensor {}
}

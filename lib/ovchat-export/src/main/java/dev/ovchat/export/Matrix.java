package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;

/**
 * A matrix of weights that may be compressed.
 *
 * @param tensor its location in the checkpoint; [rows, columns]
 * @param embedding whether it is the embedding, of which rows are taken; otherwise a layer
 *     multiplies by it
 */
record Matrix(CheckpointTensor tensor, boolean embedding) {
  String name() {
    return tensor.name();
  }

  long rows() {
    return tensor.shape().get(0);
  }

  long columns() {
    return tensor.shape().get(1);
  }

  /** Number of weights. */
  long size() {
    return rows() * columns();
  }
}

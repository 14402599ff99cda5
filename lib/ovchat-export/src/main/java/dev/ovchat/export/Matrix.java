package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.LowRankMatrix;
import dev.ovchat.graph.ElementType;
import java.util.List;

/**
 * A matrix of weights that may be compressed.
 *
 * @param tensor its location in the checkpoint; [rows, columns], or [experts, rows, columns], where
 *     the rows of all experts count
 * @param ofExperts whether it holds the matrices of experts, or is their router's
 * @param embedding whether it is the embedding, of which rows are taken; otherwise a layer
 *     multiplies by it
 * @param added what adapters add to it
 */
record Matrix(
    CheckpointTensor tensor, boolean embedding, boolean ofExperts, List<LowRankMatrix> added) {
  /** A matrix that no adapter changes. */
  Matrix(CheckpointTensor tensor, boolean embedding) {
    this(tensor, embedding, false, List.of());
  }

  Matrix {
    added = List.copyOf(added);
  }

  String name() {
    return tensor.name();
  }

  long rows() {
    return tensor.size() / columns();
  }

  long columns() {
    return tensor.shape().get(tensor.shape().size() - 1);
  }

  /** Number of matrices that it holds: 1, or as many as there are experts. */
  long matrices() {
    return tensor.shape().size() == 3 ? tensor.shape().get(0) : 1;
  }

  /** Returns whether adapters add to it: then its weights are not those of the checkpoint. */
  boolean isMerged() {
    return !added.isEmpty();
  }

  /**
   * The float type in which it is stored where it is not to be compressed: the checkpoint's. With
   * an adapter, f32 becomes f32 and all else f16: bf16 would round off small changes, and the
   * blocks of a quantized matrix hold no others than its own weights.
   */
  ElementType floatType() {
    boolean isF32 = tensor.type() == ElementType.F32 && tensor.blocks().isEmpty();
    return isMerged() && !isF32 ? ElementType.F16 : tensor.type();
  }

  /**
   * The float type of its values before they are compressed: that of {@link #scoredType}; f32 with
   * an adapter, too.
   */
  ElementType valueType() {
    return isMerged() ? ElementType.F32 : scoredType();
  }

  /**
   * The float type in which NNCF sees it when it chooses the precisions: the checkpoint's, and f32
   * where it is quantized. What belongs to experts the documented command gives NNCF in f32.
   */
  ElementType scoredType() {
    return ofExperts ? ElementType.F32 : tensor.type();
  }

  /** Number of weights. */
  long size() {
    return rows() * columns();
  }
}

package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.decoder.DecoderTensors;
import dev.ovchat.decoder.layers.Weights;
import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notes which tensors a graph asks for, in the order of their use, and checks that the checkpoint
 * has them in the shape that is asked for.
 */
final class ModelTensors implements Weights {
  private final DecoderTensors checkpoint;
  private final Adapters adapters;
  private final Map<String, Matrix> layers = new LinkedHashMap<>();
  private final Map<String, Matrix> matrices = new LinkedHashMap<>();
  private final Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();
  private boolean lastIsShared;

  /**
   * @param adapters what is added to the matrices
   */
  ModelTensors(DecoderTensors checkpoint, Adapters adapters) {
    this.checkpoint = checkpoint;
    this.adapters = adapters;
  }

  /** The matrices, in the order of their first use. */
  List<Matrix> matrices() {
    return new ArrayList<>(matrices.values());
  }

  /** The matrices by the names of the layers that use them. */
  Map<String, Matrix> layers() {
    return Collections.unmodifiableMap(layers);
  }

  /**
   * Returns whether lm_head's matrix was used before: then it is the embedding, which serves both.
   */
  boolean lastIsShared() {
    return lastIsShared;
  }

  /**
   * The matrices by the names of their tensors, which are those of their constants in the graph.
   */
  Map<String, Matrix> named() {
    return Collections.unmodifiableMap(matrices);
  }

  /** The names of all tensors that the graph asked for. */
  Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** Size of all tensors that the graph asked for, in bytes. */
  long byteCount() {
    return tensors.values().stream().mapToLong(CheckpointTensor::byteCount).sum();
  }

  @Override
  public Port linear(Ops module, long rows, long columns) {
    return matrix(module, tensor(module, "weight", rows, columns), false, false);
  }

  @Override
  public Port experts(Ops module, long experts, long rows, long columns) {
    return matrix(module, tensor(module, "weight", experts, rows, columns), false, true);
  }

  @Override
  public Port expertBiases(Ops module, long experts, long size) {
    return placeholder(module, tensor(module, "bias", experts, 1L, size));
  }

  @Override
  public Port router(Ops module, long experts, long columns) {
    return matrix(module, tensor(module, "weight", experts, columns), false, true);
  }

  @Override
  public Port embedding(Ops module, long rows, long columns) {
    return matrix(module, tensor(module, "weight", rows, columns), true, false);
  }

  private Port matrix(Ops module, CheckpointTensor tensor, boolean embedding, boolean ofExperts) {
    Matrix matrix = new Matrix(tensor, embedding, ofExperts, adapters.of(module.scope(), tensor));
    Matrix before = matrices.putIfAbsent(tensor.name(), matrix);
    lastIsShared = before != null;
    if (lastIsShared && (before.isMerged() || matrix.isMerged())) {
      throw new ExportException(
          "An adapter changes the embedding or lm_head, which are one matrix in %s, so that merged weights would change both; take an adapter that leaves both as they are, or a checkpoint with tie_word_embeddings set to false."
              .formatted(tensor.file()));
    }
    layers.put(module.scope(), matrix);
    return placeholder(module, tensor);
  }

  @Override
  public Port vector(Ops module, String name, long size) {
    return placeholder(module, tensor(module, name, size));
  }

  private static Port placeholder(Ops module, CheckpointTensor tensor) {
    return module.graph().later(tensor.name(), ElementType.F32, new Shape(tensor.shape())).port();
  }

  private CheckpointTensor tensor(Ops module, String name, Long... shape) {
    CheckpointTensor tensor = checkpoint.get(module.scope() + "." + name);
    if (!tensor.shape().equals(List.of(shape))) {
      throw new ExportException(
          "%s: the tensor %s has the shape %s; by its config it would have %s. Copy all files from the same model."
              .formatted(tensor.file(), tensor.name(), tensor.shape(), List.of(shape)));
    }
    tensors.put(tensor.name(), tensor);
    return tensor;
  }
}

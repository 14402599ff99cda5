package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.decoder.DecoderTensors;
import dev.ovchat.decoder.Weights;
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
  private final Map<String, Matrix> matrices = new LinkedHashMap<>();
  private final Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();
  private boolean lastIsShared;

  ModelTensors(DecoderTensors checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** The matrices, in the order of their first use. */
  List<Matrix> matrices() {
    return new ArrayList<>(matrices.values());
  }

  /**
   * Returns whether lm_head's matrix was used before: then it is the embedding, which serves both.
   */
  boolean lastIsShared() {
    return lastIsShared;
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
    return matrix(module, rows, columns, false);
  }

  @Override
  public Port embedding(Ops module, long rows, long columns) {
    return matrix(module, rows, columns, true);
  }

  private Port matrix(Ops module, long rows, long columns, boolean embedding) {
    CheckpointTensor tensor = tensor(module, "weight", rows, columns);
    lastIsShared = matrices.putIfAbsent(tensor.name(), new Matrix(tensor, embedding)) != null;
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

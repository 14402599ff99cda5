package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.compress.Storage;
import dev.ovchat.decoder.DecoderTensors;
import dev.ovchat.decoder.Weights;
import dev.ovchat.graph.Constant;
import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;
import dev.ovchat.graph.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights as they are stored, and the operations that restore f32 from them. The plugins recognize
 * these operations and run layers on the stored weights.
 *
 * <pre>
 *   integers ─► f16 ─► − zero point ─► · scale ─► [rows, columns] ─► f32
 * </pre>
 */
final class StoredWeights implements Weights {
  private final DecoderTensors checkpoint;
  private final Map<String, Storage> storage;
  private final Map<String, Port> matrices = new HashMap<>();
  private final List<StoredTensor> tensors = new ArrayList<>();

  /**
   * @param storage storage format of each matrix, by its tensor's name
   */
  StoredWeights(DecoderTensors checkpoint, Map<String, Storage> storage) {
    this.checkpoint = checkpoint;
    this.storage = storage;
  }

  /** Tensors to write, in the order of their use. */
  List<StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public Port linear(Ops module, long rows, long columns) {
    return matrix(module);
  }

  @Override
  public Port embedding(Ops module, long rows, long columns) {
    return matrix(module);
  }

  private Port matrix(Ops module) {
    CheckpointTensor tensor = checkpoint.get(module.scope() + ".weight");
    return matrices.computeIfAbsent(
        tensor.name(), name -> store(module, tensor, storage.get(name)));
  }

  @Override
  public Port vector(Ops module, String name, long size) {
    CheckpointTensor tensor = checkpoint.get(module.scope() + "." + name);
    return floats(module, tensor, ElementType.F32);
  }

  private Port store(Ops module, CheckpointTensor tensor, Storage as) {
    if (as instanceof Storage.Floats floats) {
      return floats(module, tensor, floats.type());
    }
    return integers(module, tensor, (Storage.Grouped) as);
  }

  private Port floats(Ops module, CheckpointTensor tensor, ElementType type) {
    Constant constant = module.graph().later(tensor.name(), type, new Shape(tensor.shape()));
    tensors.add(new StoredTensor.AsFloats(tensor, constant));
    return type == ElementType.F32
        ? constant.port()
        : module.decompress(constant.port(), ElementType.F32);
  }

  private Port integers(Ops module, CheckpointTensor tensor, Storage.Grouped as) {
    long rows = tensor.shape().get(0);
    long columns = tensor.shape().get(1);
    boolean grouped = as.groupSize() != -1;
    long groups = grouped ? columns / as.groupSize() : 1;
    Shape shape = grouped ? Shape.of(rows, groups, as.groupSize()) : Shape.of(rows, columns);
    Shape perGroup = shape.with(-1, 1);

    Constant integers = module.graph().later(tensor.name(), as.type(), shape);
    Port weights = module.convert(integers.port(), ElementType.F16);
    Constant zeroPoints = null;
    if (as.zeroPoints().isPresent()) {
      ElementType type = as.zeroPoints().get();
      zeroPoints = module.graph().later(tensor.name() + "/zero_point", type, perGroup);
      Port zero = zeroPoints.port();
      weights =
          module.subtract(
              weights, type == ElementType.F16 ? zero : module.convert(zero, ElementType.F16));
    }
    Constant scales = module.graph().later(tensor.name() + "/scale", ElementType.F16, perGroup);
    weights = module.multiply(weights, scales.port());
    if (grouped) {
      weights = module.reshape(weights, rows, columns);
    }
    tensors.add(new StoredTensor.AsIntegers(tensor, as, integers, zeroPoints, scales));
    return module.decompress(weights, ElementType.F32);
  }
}

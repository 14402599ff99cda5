package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.compress.Codebook;
import dev.ovchat.compress.FloatMode;
import dev.ovchat.compress.Storage;
import dev.ovchat.decoder.DecoderTensors;
import dev.ovchat.decoder.layers.Weights;
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
 *   codes ─► f16, or a value of the codebook ─► · scale ─► [rows, columns] ─► f32
 * </pre>
 */
final class StoredWeights implements Weights {
  private final DecoderTensors checkpoint;
  private final Map<String, Storage> storage;
  private final Awq awq;
  private final Map<String, Port> matrices = new HashMap<>();
  private final List<StoredTensor> tensors = new ArrayList<>();

  /**
   * @param storage storage format of each matrix, by its tensor's name
   */
  StoredWeights(DecoderTensors checkpoint, Map<String, Storage> storage, Awq awq) {
    this.checkpoint = checkpoint;
    this.storage = storage;
    this.awq = awq;
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
  public Port experts(Ops module, long experts, long rows, long columns) {
    return matrix(module);
  }

  @Override
  public Port expertBiases(Ops module, long experts, long size) {
    return vector(module, "bias", size);
  }

  @Override
  public Port router(Ops module, long experts, long columns) {
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

  @Override
  public Port activation(Ops module, Port x) {
    Ops scaled = module.at("awq");
    return awq.activationFactors(x.op().name())
        .map(factors -> scaled.multiply(x, scaled.floats(factors, 1, 1, factors.length)))
        .orElse(x);
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
    Shape whole = new Shape(tensor.shape());
    boolean grouped = as.groupSize() != -1;
    Shape shape = grouped ? grouped(whole, as.groupSize()) : whole;
    Shape perGroup = shape.with(-1, 1);

    Constant integers = module.graph().later(tensor.name(), as.type(), shape);
    Port weights = values(module, integers.port(), as);
    Constant zeroPoints = null;
    if (as.zeroPoints().isPresent()) {
      ElementType type = as.zeroPoints().get();
      zeroPoints = module.graph().later(tensor.name() + "/zero_point", type, perGroup);
      weights = module.subtract(weights, half(module, zeroPoints.port()));
    }
    Constant scales = module.graph().later(tensor.name() + "/scale", as.scaleType(), perGroup);
    weights = module.multiply(weights, half(module, scales.port()));
    if (grouped) {
      weights = module.reshape(weights, whole.dims().stream().mapToLong(dim -> dim).toArray());
    }
    tensors.add(new StoredTensor.AsIntegers(tensor, as, integers, zeroPoints, scales));
    return module.decompress(weights, ElementType.F32);
  }

  /** The shape of a matrix whose rows are cut into groups: [..., groups, group size]. */
  private static Shape grouped(Shape matrix, long groupSize) {
    List<Long> dims = new ArrayList<>(matrix.dims());
    dims.set(dims.size() - 1, matrix.dim(-1) / groupSize);
    dims.add(groupSize);
    return new Shape(dims);
  }

  /** The numbers that integers or codes stand for, before they are scaled. */
  private static Port values(Ops module, Port codes, Storage.Grouped as) {
    if (as instanceof Storage.SmallFloats small && small.mode() == FloatMode.CB4) {
      Port codebook = module.bytes(ElementType.F8E4M3, Codebook.f8e4m3());
      return module.gather(half(module, codebook), module.convert(codes, ElementType.U8), 0);
    }
    return module.convert(codes, ElementType.F16);
  }

  private static Port half(Ops module, Port numbers) {
    return numbers.type() == ElementType.F16 ? numbers : module.convert(numbers, ElementType.F16);
  }
}

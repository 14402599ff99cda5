package dev.ovchat.export;

import dev.ovchat.checkpoint.Adapter;
import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.checkpoint.LowRankMatrix;
import dev.ovchat.files.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The opened adapters of an export, in the order in which they are merged. */
final class Adapters {
  /** An adapter, and the factor of what it adds. */
  private record Opened(Adapter adapter, double weight) {}

  private final List<Opened> all;

  private Adapters(List<Opened> all) {
    this.all = all;
  }

  /**
   * Opens adapters.
   *
   * @throws dev.ovchat.files.UnusableFileException if one is not what it has to be
   */
  static Adapters open(List<WeightedAdapter> adapters) {
    return new Adapters(
        adapters.stream()
            .map(each -> new Opened(Adapter.open(each.directory()), each.weight()))
            .toList());
  }

  /**
   * The low-rank matrices that are added to the matrix of a layer.
   *
   * @param module the layer's name
   * @throws ExportException if an adapter has another shape
   */
  List<LowRankMatrix> of(String module, CheckpointTensor tensor) {
    List<LowRankMatrix> found = new ArrayList<>();
    for (Opened each : all) {
      Optional<LowRankMatrix> matrix = each.adapter().find(module);
      matrix.ifPresent(
          added -> {
            if (!added.shape().equals(tensor.shape())) {
              throw new ExportException(
                  "The adapter %s changes %s as a matrix of %s, and in %s it has the shape %s; take an adapter of this model."
                      .formatted(
                          each.adapter().path(),
                          module,
                          added.shape(),
                          tensor.file(),
                          tensor.shape()));
            }
            found.add(added.times(each.weight()));
          });
    }
    return found;
  }

  /**
   * Checks that the adapters change no other layers than those of the model, and are made for its
   * weights.
   *
   * @param layers the matrices of the model's layers, by the layers' names
   * @throws ExportException if an adapter changes another layer
   * @throws dev.ovchat.files.UnusableFileException if an adapter holds other weights of a layer
   */
  void requireMadeFor(CheckpointTensors checkpoint, Map<String, Matrix> layers)
      throws InterruptedException {
    for (Opened each : all) {
      for (String module : each.adapter().modules()) {
        Matrix matrix = layers.get(module);
        if (matrix == null) {
          throw new ExportException(
              "The adapter %s changes %s, and %s has no matrix of that name; take an adapter of this model."
                  .formatted(each.adapter().path(), Excerpt.of(module), checkpoint.path()));
        }
        each.adapter().requireBase(module, checkpoint, matrix.tensor());
      }
    }
  }

  /** Checks that the files have not changed since they were opened. */
  void requireUnchanged() {
    all.forEach(each -> each.adapter().requireUnchanged());
  }
}

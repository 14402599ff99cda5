package dev.ovchat.cache;

import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.IrModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model with paged attention beside one without: compiled when many prompts first ask for it. It
 * takes memory for the weights once more.
 */
public final class PagedTwin implements AutoCloseable {
  private final IrModel graph;
  private final Device device;
  private final Map<String, String> ovConfig;
  private final String weightsAtLoad;
  private CompiledModel compiled;
  private boolean closed;

  /**
   * Compiles nothing yet.
   *
   * @param graph the graph that the model was loaded with
   */
  public PagedTwin(IrModel graph, Device device, Map<String, String> ovConfig) {
    this.graph = graph;
    this.device = device;
    this.ovConfig = Map.copyOf(ovConfig);
    this.weightsAtLoad = stateOf(graph.weights());
  }

  /**
   * The model, which the first call compiles.
   *
   * @throws dev.ovchat.openvino.OpenVinoException if it cannot be, for instance since memory is not
   *     free now
   * @throws GenerationException if the weights are not those of the model any more
   * @throws IllegalStateException if this is closed
   */
  public synchronized CompiledModel get() {
    if (closed) {
      throw new IllegalStateException(
          "This model is closed. Make it again; in a notebook, run its cell again.");
    }
    if (compiled == null) {
      requireSameWeights();
      compiled =
          CompiledModel.compilePaged(
              graph.file(), graph.withPagedLogitPositions(), device, ovConfig);
    }
    return compiled;
  }

  private void requireSameWeights() {
    if (!stateOf(graph.weights()).equals(weightsAtLoad)) {
      throw new GenerationException(
          "The weights %s have changed since the model was loaded. Load it again."
              .formatted(graph.weights()));
    }
  }

  private static String stateOf(Path file) {
    try {
      return Files.size(file) + " bytes of " + Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return "unreadable: " + e.getMessage();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (compiled != null) {
      compiled.close();
    }
  }
}

package dev.ovchat.decoder;

import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;

/**
 * Provides the weights of a decoder's graph. The graph alone defines which weights there are, and
 * their shapes: it asks for them.
 */
public interface Weights {
  /**
   * A matrix that a layer multiplies by.
   *
   * @param module the layer; the tensor's name is the layer's, followed by {@code .weight}
   * @return f32 [rows, columns]
   */
  Port linear(Ops module, long rows, long columns);

  /**
   * A matrix of which a layer takes rows.
   *
   * @return f32 [rows, columns]
   */
  Port embedding(Ops module, long rows, long columns);

  /**
   * A vector.
   *
   * @param name the tensor's last name, {@code weight} or {@code bias}
   * @return f32 [size]
   */
  Port vector(Ops module, String name, long size);
}

package dev.ovchat.decoder.layers;

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
   * The matrices that the experts of a layer multiply by.
   *
   * @param module the layer; the tensor's name is the layer's, followed by {@code .weight}
   * @return f32 [experts, rows, columns]
   */
  Port experts(Ops module, long experts, long rows, long columns);

  /**
   * The matrix by which the router of a layer with experts multiplies.
   *
   * @param module the router; the tensor's name is the router's, followed by {@code .weight}
   * @return f32 [experts, columns]
   */
  Port router(Ops module, long experts, long columns);

  /**
   * The biases of the experts of a layer.
   *
   * @param module the layer; the tensor's name is the layer's, followed by {@code .bias}
   * @return f32 [experts, 1, size]
   */
  Port expertBiases(Ops module, long experts, long size);

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

  /**
   * An activation as the layers after it take it: as it is, unless weights are stored so that its
   * features are multiplied by factors.
   *
   * @param x the result of the activation, f32 [batch, tokens, features]
   * @return the same shape
   */
  default Port activation(Ops module, Port x) {
    return x;
  }
}

package dev.ovchat.decoder.layers;

import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;

/** Keeps numbers between -cap and cap: cap · tanh(x / cap). */
final class SoftCap {
  private SoftCap() {}

  /**
   * Adds a soft cap.
   *
   * @param cap the largest number; 0 for no cap
   */
  static Port build(Ops ops, Port x, float cap) {
    return cap == 0 ? x : ops.multiply(ops.tanh(ops.divide(x, ops.scalar(cap))), ops.scalar(cap));
  }
}

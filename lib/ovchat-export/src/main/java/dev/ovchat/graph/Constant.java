package dev.ovchat.graph;

import java.util.Optional;

/**
 * Numbers that are part of the model. Small ones are given with the graph. Weights are not: the
 * graph only keeps a place for them in the file, and whoever asked for it writes them there.
 */
public final class Constant extends Op {
  private final byte[] value;

  private Constant(String name, ElementType type, Shape shape, byte[] value) {
    super(name, "Const", "opset1");
    this.value = value;
    output(type, shape);
  }

  /** Numbers that are known now: little-endian, innermost dimension first. */
  static Constant of(String name, ElementType type, Shape shape, byte[] value) {
    return new Constant(name, type, shape, value.clone());
  }

  /** Numbers that are written later. */
  static Constant later(String name, ElementType type, Shape shape) {
    return new Constant(name, type, shape, null);
  }

  /** The only output. */
  public Port port() {
    return outputs().get(0);
  }

  public long byteCount() {
    return port().type().bytes(port().shape().elements());
  }

  /** A copy of the bytes; nothing if they are written later. */
  public Optional<byte[]> value() {
    return Optional.ofNullable(value).map(byte[]::clone);
  }
}

package dev.ovchat.graph;

import java.util.Optional;

/**
 * A constant tensor of the model. Small ones hold their values. Weights do not: the graph only
 * reserves space for them in the file, and the caller that asked for it writes them there.
 */
public final class Constant extends Op {
  private final byte[] value;

  private Constant(String name, ElementType type, Shape shape, byte[] value) {
    super(name, "Const", "opset1");
    this.value = value;
    output(type, shape);
  }

  /** Creates a constant with known values: little-endian, innermost dimension fastest. */
  static Constant of(String name, ElementType type, Shape shape, byte[] value) {
    return new Constant(name, type, shape, value.clone());
  }

  /** Creates a constant whose values are written later. */
  static Constant later(String name, ElementType type, Shape shape) {
    return new Constant(name, type, shape, null);
  }

  /** The only output. */
  public Port port() {
    return outputs().get(0);
  }

  /** Size of the values, in bytes. */
  public long byteCount() {
    return port().type().bytes(port().shape().elements());
  }

  /** A copy of the bytes; empty if they are written later. */
  public Optional<byte[]> value() {
    return Optional.ofNullable(value).map(byte[]::clone);
  }
}

package dev.ovchat.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One operation of a graph; a layer in the IR. */
public sealed class Op permits Constant {
  private final String name;
  private final String type;
  private final String opset;
  private final List<Port> inputs;
  private final List<Port> outputs = new ArrayList<>();
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private boolean decompression;

  Op(String name, String type, String opset, Port... inputs) {
    this.name = name;
    this.type = type;
    this.opset = opset;
    this.inputs = List.of(inputs);
  }

  Op attribute(String key, Object value) {
    attributes.put(key, value.toString());
    return this;
  }

  /**
   * Marks a conversion of weights as decompression, so that the plugins do it only where the
   * weights are used.
   */
  Op decompression() {
    decompression = true;
    return this;
  }

  Port output(ElementType outputType, Shape shape) {
    Port port = new Port(this, outputs.size(), outputType, shape);
    outputs.add(port);
    return port;
  }

  /** The name, unique in its graph, such as {@code model.layers.0.mlp/Multiply}. */
  public String name() {
    return name;
  }

  /** OpenVINO's name of the operation, such as {@code MatMul}. */
  public String type() {
    return type;
  }

  /** The set of operations in which OpenVINO defines it, such as {@code opset1}. */
  String opset() {
    return opset;
  }

  /** The outputs of other operations that this one takes, in their order. */
  public List<Port> inputs() {
    return inputs;
  }

  /** The outputs, in their order. */
  public List<Port> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  Map<String, String> attributes() {
    return attributes;
  }

  boolean isDecompression() {
    return decompression;
  }

  @Override
  public String toString() {
    return type + " " + name;
  }
}

package dev.ovchat.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's graph while it is built: its operations in topological order.
 *
 * <pre>{@code
 * var graph = new Graph();
 * Ops ops = graph.ops("layer");
 * Port x = graph.parameter("x", ElementType.F32, Shape.of(-1, 8));
 * graph.result("y", ops.multiply(x, ops.scalar(2f)));
 * }</pre>
 */
public final class Graph {
  private final List<Op> ops = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<Port, String> tensorNames = new LinkedHashMap<>();

  /**
   * Returns a builder of operations whose names begin with a scope, such as {@code model.layers.0}.
   */
  public Ops ops(String scope) {
    return new Ops(this, scope);
  }

  /** Adds an input of the model. */
  public Port parameter(String name, ElementType type, Shape shape) {
    Op parameter =
        new Op(unique(name), "Parameter", "opset1")
            .attribute("shape", shape.attribute(","))
            .attribute("element_type", type.attribute());
    Port port = add(parameter).output(type, shape);
    tensorNames.put(port, name);
    return port;
  }

  /** Adds an output of the model. */
  public void result(String name, Port value) {
    tensorNames.put(value, name);
    add(new Op(unique("Result_" + name), "Result", "opset1", value));
  }

  /**
   * Adds a constant whose values are written later.
   *
   * @param name the constant's name, for instance that of a checkpoint's tensor
   */
  public Constant later(String name, ElementType type, Shape shape) {
    return add(Constant.later(unique(name), type, shape));
  }

  /** The operations, in topological order. */
  public List<Op> ops() {
    return Collections.unmodifiableList(ops);
  }

  /** The constants among them. */
  public List<Constant> constants() {
    return ops.stream().filter(Constant.class::isInstance).map(Constant.class::cast).toList();
  }

  /** The names by which a caller of the model finds values. */
  Map<Port, String> tensorNames() {
    return tensorNames;
  }

  <T extends Op> T add(T op) {
    ops.add(op);
    return op;
  }

  void name(Port port, String name) {
    tensorNames.put(port, name);
  }

  /** The name, or the name and a number where it is taken. */
  String unique(String name) {
    String candidate = name;
    for (int i = 1; !names.add(candidate); i++) {
      candidate = name + "_" + i;
    }
    return candidate;
  }
}

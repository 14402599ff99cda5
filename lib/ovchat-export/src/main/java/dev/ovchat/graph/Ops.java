package dev.ovchat.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * OpenVINO's operations, as far as decoders need them. Methods without a description follow the
 * specification of the operation of their name.
 *
 * <p>An {@code axis} counts from 0 for the outermost dimension, or from -1 for the innermost.
 */
public final class Ops {
  private final Graph graph;
  private final String scope;

  Ops(Graph graph, String scope) {
    this.graph = graph;
    this.scope = scope;
  }

  /** Returns a builder for a part, whose operations have names of their own. */
  public Ops at(String part) {
    return new Ops(graph, scope + "." + part);
  }

  /** The name of the part to which these operations belong. */
  public String scope() {
    return scope;
  }

  /** The graph to which these operations are added. */
  public Graph graph() {
    return graph;
  }

  // Constants

  public Port scalar(float value) {
    return constant(ElementType.F32, Shape.of(), bytes(4).putFloat(value));
  }

  public Port scalar(long value) {
    return constant(ElementType.I64, Shape.of(), bytes(8).putLong(value));
  }

  public Port scalar(boolean value) {
    return constant(ElementType.BOOLEAN, Shape.of(), bytes(1).put((byte) (value ? 1 : 0)));
  }

  public Port vector(long... values) {
    ByteBuffer buffer = bytes(8 * values.length);
    Arrays.stream(values).forEach(buffer::putLong);
    return constant(ElementType.I64, Shape.of(values.length), buffer);
  }

  /** A constant of f32 values in this shape. */
  public Port floats(float[] values, long... shape) {
    ByteBuffer buffer = bytes(4 * values.length);
    buffer.asFloatBuffer().put(values);
    return constant(ElementType.F32, Shape.of(shape), buffer);
  }

  /** A constant of elements of 8 bits. */
  public Port bytes(ElementType type, byte... values) {
    return constant(type, Shape.of(values.length), ByteBuffer.wrap(values));
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Port constant(ElementType type, Shape shape, ByteBuffer value) {
    byte[] bytes = new byte[value.capacity()];
    value.rewind().get(bytes);
    return graph.add(Constant.of(unique("Constant"), type, shape, bytes)).port();
  }

  // Elementwise

  public Port add(Port left, Port right) {
    return elementwise("Add", "opset1", left, right, left.type());
  }

  public Port subtract(Port left, Port right) {
    return elementwise("Subtract", "opset1", left, right, left.type());
  }

  public Port multiply(Port left, Port right) {
    return elementwise("Multiply", "opset1", left, right, left.type());
  }

  public Port divide(Port left, Port right) {
    return elementwise("Divide", "opset1", left, right, left.type());
  }

  public Port power(Port base, Port exponent) {
    return elementwise("Power", "opset1", base, exponent, base.type());
  }

  public Port greater(Port left, Port right) {
    return elementwise("Greater", "opset1", left, right, ElementType.BOOLEAN);
  }

  public Port lessEqual(Port left, Port right) {
    return elementwise("LessEqual", "opset1", left, right, ElementType.BOOLEAN);
  }

  public Port and(Port left, Port right) {
    return elementwise("BitwiseAnd", "opset13", left, right, ElementType.BOOLEAN);
  }

  public Port sqrt(Port x) {
    return unary("Sqrt", "opset1", x);
  }

  public Port cos(Port x) {
    return unary("Cos", "opset1", x);
  }

  public Port sin(Port x) {
    return unary("Sin", "opset1", x);
  }

  public Port tanh(Port x) {
    return unary("Tanh", "opset1", x);
  }

  public Port log(Port x) {
    return unary("Log", "opset1", x);
  }

  public Port floor(Port x) {
    return unary("Floor", "opset1", x);
  }

  /** GELU, approximated with tanh. */
  public Port geluTanh(Port x) {
    return op("Gelu", "opset7", x)
        .attribute("approximation_mode", "TANH")
        .output(x.type(), x.shape());
  }

  /** The softmax along an axis. */
  public Port softmax(Port x, int axis) {
    return op("SoftMax", "opset8", x).attribute("axis", axis).output(x.type(), x.shape());
  }

  /** x · sigmoid(x), which transformers calls SiLU. */
  public Port swish(Port x) {
    return unary("Swish", "opset4", x);
  }

  /** x · sigmoid(β · x). */
  public Port swish(Port x, float beta) {
    return op("Swish", "opset4", x, scalar(beta)).output(x.type(), x.shape());
  }

  public Port convert(Port x, ElementType type) {
    return op("Convert", "opset1", x)
        .attribute("destination_type", type.attribute())
        .output(type, x.shape());
  }

  /** Converts weights; the plugins do not fold this conversion when they compile. */
  public Port decompress(Port weights, ElementType type) {
    return op("Convert", "opset1", weights)
        .decompression()
        .attribute("destination_type", type.attribute())
        .output(type, weights.shape());
  }

  /** {@code yes} where the condition holds, else {@code no}. */
  public Port select(Port condition, Port yes, Port no) {
    return op("Select", "opset1", condition, yes, no)
        .attribute("auto_broadcast", "numpy")
        .output(yes.type(), condition.shape().broadcast(yes.shape()).broadcast(no.shape()));
  }

  // Sums

  /** The mean along an axis, which is kept with length 1. */
  public Port mean(Port x, int axis) {
    return op("ReduceMean", "opset1", x, vector(axis))
        .attribute("keep_dims", true)
        .output(x.type(), x.shape().with(axis, 1));
  }

  /** The sum along an axis, which goes. */
  public Port sum(Port x, int axis) {
    List<Long> dims = new ArrayList<>(x.shape().dims());
    dims.remove(axis);
    return op("ReduceSum", "opset1", x, vector(axis))
        .attribute("keep_dims", false)
        .output(x.type(), new Shape(dims));
  }

  /** The elements, none of which is larger than another tensor's. */
  public Port minimum(Port left, Port right) {
    return elementwise("Minimum", "opset1", left, right, left.type());
  }

  /** The elements, bounded on both sides. */
  public Port clamp(Port x, float least, float most) {
    return op("Clamp", "opset1", x)
        .attribute("min", least)
        .attribute("max", most)
        .output(x.type(), x.shape());
  }

  /** The maximum of all elements. */
  public Port max(Port x) {
    long[] axes = LongStream.range(0, x.shape().rank()).toArray();
    return op("ReduceMax", "opset1", x, vector(axes))
        .attribute("keep_dims", false)
        .output(x.type(), Shape.of());
  }

  /** The product of [..., n, k] and [..., k, m]. */
  public Port matMul(Port left, Port right) {
    return matMul(left, right, false);
  }

  /**
   * The product of [..., n, k] and the transpose of a matrix [m, k] that holds a row for each
   * output: a linear layer.
   */
  public Port linear(Port x, Port weights) {
    return matMul(x, weights, true);
  }

  private Port matMul(Port left, Port right, boolean rightHasRows) {
    int inner = rightHasRows ? -1 : -2;
    long width = right.shape().dim(inner);
    if (left.shape().dim(-1) != width) {
      throw new IllegalArgumentException("Cannot multiply " + left + " by " + right + ".");
    }
    Shape outer = left.shape().with(-1, 1).with(-2, 1);
    Shape other = right.shape().with(-1, 1).with(-2, 1);
    Shape shape =
        outer
            .broadcast(other)
            .with(-2, left.shape().dim(-2))
            .with(-1, right.shape().dim(rightHasRows ? -2 : -1));
    return op("MatMul", "opset1", left, right)
        .attribute("transpose_a", false)
        .attribute("transpose_b", rightHasRows)
        .output(left.type(), shape);
  }

  /**
   * Attention: softmax(query · keyᵀ · scale + mask) · value.
   *
   * @param query [batch, heads, new tokens, head size]
   * @param key [batch, heads, all tokens, head size]
   * @param value the same shape as the key
   * @param mask [batch, 1, new tokens, all tokens], added before the softmax
   * @return the same shape as the query
   */
  public Port attention(Port query, Port key, Port value, Port mask, float scale) {
    return op("ScaledDotProductAttention", "opset13", query, key, value, mask, scalar(scale))
        .attribute("causal", false)
        .output(query.type(), query.shape());
  }

  /**
   * The same with sinks: one more score for each head, of which the softmax is taken, too, and
   * whose share no value gets.
   *
   * @param sinks [1, heads, 1, 1]
   */
  public Port attention(Port query, Port key, Port value, Port mask, float scale, Port sinks) {
    return op("ScaledDotProductAttention", "opset13", query, key, value, mask, scalar(scale), sinks)
        .attribute("causal", false)
        .output(query.type(), query.shape());
  }

  // Shapes

  public Port shapeOf(Port x) {
    return op("ShapeOf", "opset3", x)
        .attribute("output_type", "i64")
        .output(ElementType.I64, Shape.of(x.shape().rank()));
  }

  /** One dimension of a tensor: i64 []. */
  public Port dim(Port x, int axis) {
    return gather(shapeOf(x), scalar(axis), 0);
  }

  /**
   * The same elements in another shape.
   *
   * @param dims the new shape: 0 keeps the dimension at that index, one -1 takes what is left
   */
  public Port reshape(Port x, long... dims) {
    Shape shape = Shape.of(dims);
    for (int axis = 0; axis < dims.length; axis++) {
      if (dims[axis] == 0) {
        shape = shape.with(axis, x.shape().dim(axis));
      }
    }
    return op("Reshape", "opset1", x, vector(dims))
        .attribute("special_zero", true)
        .output(x.type(), shape);
  }

  /**
   * The same elements in another shape, which another tensor gives.
   *
   * @param target i64 [rank]
   */
  public Port reshape(Port x, Port target, Shape shape) {
    return op("Reshape", "opset1", x, target)
        .attribute("special_zero", false)
        .output(x.type(), shape);
  }

  /** Repeats a tensor along each axis. */
  public Port tile(Port x, long... repeats) {
    Shape shape = x.shape();
    for (int axis = 0; axis < repeats.length; axis++) {
      long length = shape.dim(axis);
      shape = shape.with(axis, length == Shape.DYNAMIC ? length : length * repeats[axis]);
    }
    return op("Tile", "opset1", x, vector(repeats)).output(x.type(), shape);
  }

  /** The largest values of the last axis, largest first, and their indices, i32. */
  public List<Port> topK(Port x, long count) {
    Op top =
        op("TopK", "opset11", x, scalar(count))
            .attribute("axis", -1)
            .attribute("mode", "max")
            .attribute("sort", "value")
            .attribute("index_element_type", "i32")
            .attribute("stable", false);
    Shape shape = x.shape().with(-1, count);
    return List.of(top.output(x.type(), shape), top.output(ElementType.I32, shape));
  }

  /** Replaces elements along an axis, at these indices. */
  public Port scatter(Port x, Port indices, Port values, int axis) {
    return op("ScatterElementsUpdate", "opset12", x, indices, values, scalar(axis))
        .attribute("reduction", "none")
        .attribute("use_init_val", true)
        .output(x.type(), x.shape());
  }

  public Port transpose(Port x, long... order) {
    List<Long> dims = Arrays.stream(order).mapToObj(axis -> x.shape().dim((int) axis)).toList();
    return op("Transpose", "opset1", x, vector(order)).output(x.type(), new Shape(dims));
  }

  /** Inserts dimensions of length 1 at these indices of the result. */
  public Port unsqueeze(Port x, long... axes) {
    List<Long> dims = new ArrayList<>(x.shape().dims());
    Arrays.stream(axes).forEach(axis -> dims.add((int) axis, 1L));
    return op("Unsqueeze", "opset1", x, vector(axes)).output(x.type(), new Shape(dims));
  }

  public Port concat(int axis, Port... parts) {
    long length = 0;
    for (Port part : parts) {
      long own = part.shape().dim(axis);
      length = own == Shape.DYNAMIC || length == Shape.DYNAMIC ? Shape.DYNAMIC : length + own;
    }
    return op("Concat", "opset1", parts)
        .attribute("axis", axis)
        .output(parts[0].type(), parts[0].shape().with(axis, length));
  }

  /** Cuts a tensor into parts of these lengths. */
  public List<Port> split(Port x, int axis, long... lengths) {
    if (Arrays.stream(lengths).sum() != x.shape().dim(axis)) {
      throw new IllegalArgumentException(
          "Cannot split " + x + " into " + Arrays.toString(lengths) + ".");
    }
    Op split = op("VariadicSplit", "opset1", x, scalar(axis), vector(lengths));
    return Arrays.stream(lengths)
        .mapToObj(length -> split.output(x.type(), x.shape().with(axis, length)))
        .toList();
  }

  /** Every n-th element of the last axis, whose length n divides, from one on. */
  public Port every(Port x, int step, int first) {
    return op("Slice", "opset8", x, vector(first), vector(Long.MAX_VALUE), vector(step), vector(-1))
        .output(x.type(), x.shape().with(-1, x.shape().dim(-1) / step));
  }

  /** Takes slices of an axis by their indices. */
  public Port gather(Port x, Port indices, int axis) {
    List<Long> dims = new ArrayList<>(x.shape().dims());
    dims.remove(axis);
    dims.addAll(axis, indices.shape().dims());
    return op("Gather", "opset8", x, indices, scalar(axis))
        .attribute("batch_dims", 0)
        .output(x.type(), new Shape(dims));
  }

  /** Broadcasts dimensions of length 1 to these lengths. */
  public Port broadcast(Port x, Port target, Shape shape) {
    return op("Broadcast", "opset3", x, target)
        .attribute("mode", "bidirectional")
        .output(x.type(), shape);
  }

  /** The whole numbers from one to another, the last excluded: i64 [to - from]. */
  public Port range(Port from, Port to) {
    return op("Range", "opset4", from, to, scalar(1L))
        .attribute("output_type", "i64")
        .output(ElementType.I64, Shape.of(Shape.DYNAMIC));
  }

  // Memory

  /** The value of a variable; in the first call, {@code initial}. */
  public Port read(Variable variable, Port initial) {
    Port value =
        op("ReadValue", "opset6", initial)
            .attribute("variable_id", variable.id())
            .attribute("variable_type", variable.type().attribute())
            .attribute("variable_shape", variable.shape().attribute(","))
            .output(variable.type(), variable.shape());
    graph.name(value, variable.name());
    return value;
  }

  public void assign(Variable variable, Port value) {
    op("Assign", "opset6", value)
        .attribute("variable_id", variable.id())
        .output(value.type(), value.shape());
  }

  private Port unary(String type, String opset, Port x) {
    return op(type, opset, x).output(x.type(), x.shape());
  }

  private Port elementwise(
      String type, String opset, Port left, Port right, ElementType resultType) {
    if (left.type() != right.type()) {
      throw new IllegalArgumentException(type + " of " + left + " and " + right + ".");
    }
    return op(type, opset, left, right)
        .attribute("auto_broadcast", "numpy")
        .output(resultType, left.shape().broadcast(right.shape()));
  }

  private Op op(String type, String opset, Port... inputs) {
    return graph.add(new Op(unique(type), type, opset, inputs));
  }

  private String unique(String type) {
    return graph.unique(scope + "/" + type);
  }
}

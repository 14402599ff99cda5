package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.ov_compiled_model_input_by_name;
import static org.bytedeco.openvino.global.openvino.ov_infer_request_set_tensor;
import static org.bytedeco.openvino.global.openvino.ov_output_const_port_free;
import static org.bytedeco.openvino.global.openvino.ov_partial_shape_free;
import static org.bytedeco.openvino.global.openvino.ov_port_get_element_type;
import static org.bytedeco.openvino.global.openvino.ov_port_get_partial_shape;
import static org.bytedeco.openvino.global.openvino.ov_tensor_create;
import static org.bytedeco.openvino.global.openvino.ov_tensor_data;
import static org.bytedeco.openvino.global.openvino.ov_tensor_free;
import static org.bytedeco.openvino.global.openvino.ov_tensor_get_byte_size;

import dev.ovchat.system.NativeHandle;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.openvino.ov_compiled_model_t;
import org.bytedeco.openvino.ov_output_const_port_t;
import org.bytedeco.openvino.ov_partial_shape_t;
import org.bytedeco.openvino.ov_shape_t;
import org.bytedeco.openvino.ov_tensor_t;

/**
 * The keys or the values of one layer: [blocks, heads, tokens, features], of a type that the plugin
 * chooses. For types with a scale of their own, the last two dimensions hold that, too.
 */
final class CacheTensor implements AutoCloseable {
  private static final int TOKENS = 2; // the dimension

  private final InferenceSession session;
  private final String name;
  private final int elementType;
  private final long[] dimensions; // the first is the number of blocks

  private NativeHandle<ov_tensor_t> tensor;
  private BytePointer data;
  private long bytes; // of a block

  /** An input of a compiled model that has no memory yet. */
  CacheTensor(InferenceSession session, String name, ov_compiled_model_t model) {
    this.session = session;
    this.name = name;
    ov_output_const_port_t port = new ov_output_const_port_t((Pointer) null);
    Status.check(
        ov_compiled_model_input_by_name(model, CompiledModel.utf8(name), port),
        () -> "Cannot read input " + name);
    try (IntPointer type = new IntPointer(1)) {
      Status.check(ov_port_get_element_type(port, type), () -> "Cannot read the type of " + name);
      elementType = type.get();
      dimensions = readDimensions(port);
    } finally {
      ov_output_const_port_free(port);
    }
  }

  private long[] readDimensions(ov_output_const_port_t port) {
    try (ov_partial_shape_t shape = new ov_partial_shape_t()) {
      Status.check(
          ov_port_get_partial_shape(port, shape), () -> "Cannot read the shape of " + name);
      try {
        long[] sizes = new long[Math.toIntExact(shape.rank().max())];
        for (int i = 0; i < sizes.length; i++) {
          sizes[i] = shape.dims().getPointer(i).max();
        }
        return sizes;
      } finally {
        ov_partial_shape_free(shape);
      }
    }
  }

  /** The size of its third dimension: the tokens of a block, and what the plugin adds to them. */
  int tokens() {
    return Math.toIntExact(dimensions[TOKENS]);
  }

  /** Bytes of a block; 0 before the first resize. */
  long bytesPerBlock() {
    return bytes;
  }

  /**
   * Takes memory for more blocks, which keep their content.
   *
   * @param before blocks it has now
   */
  void resize(int before, int blocks) {
    ov_tensor_t created = new ov_tensor_t((Pointer) null);
    dimensions[0] = blocks;
    try (LongPointer sizes = new LongPointer(dimensions);
        ov_shape_t shape = new ov_shape_t()) {
      shape.rank(dimensions.length).dims(sizes);
      Status.check(
          ov_tensor_create(elementType, shape, created), () -> "Cannot allocate the cache " + name);
    }
    NativeHandle<ov_tensor_t> old = tensor;
    BytePointer oldData = data;
    tensor = new NativeHandle<>(this, "cache", created, p -> ov_tensor_free(p));
    data = map(created);
    bytes = data.capacity() / blocks;
    if (old != null) {
      Pointer.memcpy(data, oldData, before * bytes);
    }
    try (BytePointer nativeName = CompiledModel.utf8(name)) {
      Status.check(
          ov_infer_request_set_tensor(session.request(), nativeName, created),
          () -> "Cannot bind the cache " + name);
    }
    if (old != null) {
      old.close();
    }
  }

  private BytePointer map(ov_tensor_t created) {
    Pointer start = new Pointer((Pointer) null);
    try (SizeTPointer size = new SizeTPointer(1)) {
      Status.check(ov_tensor_data(created, start), () -> "Cannot map the cache " + name);
      Status.check(ov_tensor_get_byte_size(created, size), () -> "Cannot size the cache " + name);
      return new BytePointer(start).capacity(size.get());
    }
  }

  /** Copies a block over another one. */
  void copy(int from, int to) {
    Pointer.memcpy(data.getPointer(to * bytes), data.getPointer(from * bytes), bytes);
  }

  @Override
  public void close() {
    if (tensor != null) {
      tensor.close();
    }
  }
}

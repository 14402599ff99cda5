package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.I32;
import static org.bytedeco.openvino.global.openvino.I64;
import static org.bytedeco.openvino.global.openvino.ov_infer_request_get_tensor;
import static org.bytedeco.openvino.global.openvino.ov_infer_request_set_tensor;
import static org.bytedeco.openvino.global.openvino.ov_tensor_create;
import static org.bytedeco.openvino.global.openvino.ov_tensor_data;
import static org.bytedeco.openvino.global.openvino.ov_tensor_free;
import static org.bytedeco.openvino.global.openvino.ov_tensor_get_element_type;
import static org.bytedeco.openvino.global.openvino.ov_tensor_set_shape;

import dev.ovchat.system.NativeHandle;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openvino.ov_shape_t;
import org.bytedeco.openvino.ov_tensor_t;

/**
 * An input of a session: whole numbers (i64 or i32) of a shape that may change between inferences.
 *
 * <p>Its memory grows by doubling and stays, and so do the values in it: to make an attention mask
 * one position longer costs one {@link #reshape} and one {@link #put}.
 */
public final class InputTensor {
  private static final int INITIAL_CAPACITY = 256;
  private static final int MOST_DIMENSIONS = 3;

  private final InferenceSession session;
  private final String name;
  private final BytePointer nativeName;
  private final int elementType;
  private final ov_shape_t shape = new ov_shape_t();
  private final LongPointer dimensions = new LongPointer(MOST_DIMENSIONS);

  private NativeHandle<ov_tensor_t> tensor;
  private long[] currentShape; // of the tensor; null where that is new
  private int capacity;
  private int size;
  private LongBuffer longs;
  private IntBuffer ints;

  InputTensor(InferenceSession session, String name) {
    this.session = session;
    this.name = name;
    this.nativeName = new BytePointer(name);
    this.elementType = readElementType();
  }

  /**
   * Sets the shape; values that stay inside keep their index in the flat, row-major order.
   *
   * @param dimensions one for [batch], two for [batch, sequence], three for [batch, rows, 1]
   * @return this
   * @throws OpenVinoException for another number of dimensions, or one below 1
   */
  public InputTensor reshape(long... dimensions) {
    return shape(elements(dimensions), dimensions);
  }

  /**
   * Makes it a single value, which has no dimensions.
   *
   * @return this
   */
  public InputTensor scalar() {
    return shape(1);
  }

  private InputTensor shape(int wanted, long... dimensions) {
    synchronized (session) {
      session.request(); // fails where the tensor is freed, or still read
      boolean grows = wanted > capacity;
      if (grows) {
        allocate(Math.max(Math.max(wanted, INITIAL_CAPACITY), Math.multiplyExact(2, capacity)));
      }
      setShape(dimensions);
      size = wanted;
      if (grows) {
        bind();
      }
      return this;
    }
  }

  /**
   * Writes one value.
   *
   * @param index the index in the flat, row-major order, from 0 to the shape's size less 1
   * @return this
   */
  public InputTensor put(int index, long value) {
    synchronized (session) {
      checkPlace(index);
      write(index, value);
      return this;
    }
  }

  /**
   * Writes values one after the other.
   *
   * @param index the index of the first one in the flat, row-major order
   * @param values the values to write; not kept
   * @param from the first of the values to write
   * @param count the number of values to write
   * @return this
   */
  public InputTensor put(int index, long[] values, int from, int count) {
    synchronized (session) {
      if (count > 0) {
        checkPlace(index);
        checkPlace(index + count - 1);
      }
      if (longs != null) {
        longs.put(index, values, from, count);
      } else {
        for (int i = 0; i < count; i++) {
          write(index + i, values[from + i]);
        }
      }
      return this;
    }
  }

  /** The value at an index of the flat, row-major order. */
  public long get(int index) {
    synchronized (session) {
      checkPlace(index);
      return longs != null ? longs.get(index) : ints.get(index);
    }
  }

  private void checkPlace(int index) {
    session.request(); // fails where this memory is freed, or still read
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "Input " + name + " has " + size + " values; there is no place " + index + ".");
    }
  }

  private void write(int index, long value) {
    if (longs != null) {
      longs.put(index, value);
    } else {
      ints.put(index, Math.toIntExact(value));
    }
  }

  private int readElementType() {
    ov_tensor_t own = new ov_tensor_t((Pointer) null);
    Status.check(
        ov_infer_request_get_tensor(session.request(), nativeName, own),
        () -> "The model has no input named " + name);
    try (IntPointer type = new IntPointer(1)) {
      Status.check(
          ov_tensor_get_element_type(own, type), () -> "Cannot read the type of input " + name);
      if (type.get() != I64 && type.get() != I32) {
        throw new OpenVinoException(
            "Input " + name + " is neither i64 nor i32 but of OpenVINO's type " + type.get() + ".");
      }
      return type.get();
    } finally {
      ov_tensor_free(own);
    }
  }

  /** Takes new memory of that many elements and moves the values there. */
  private void allocate(int elements) {
    NativeHandle<ov_tensor_t> old = tensor;
    LongBuffer oldLongs = longs;
    IntBuffer oldInts = ints;

    ov_tensor_t created = new ov_tensor_t((Pointer) null);
    setDimensions(elements);
    Status.check(
        ov_tensor_create(elementType, shape, created), () -> "Cannot allocate input " + name);
    tensor = new NativeHandle<>(this, "input", created, p -> ov_tensor_free(p));
    currentShape = null;
    mapMemory(created, elements);
    for (int i = 0; i < size; i++) {
      write(i, oldLongs != null ? oldLongs.get(i) : oldInts.get(i));
    }
    capacity = elements;
    if (old != null) {
      old.close();
    }
  }

  private void bind() {
    Status.check(
        ov_infer_request_set_tensor(session.request(), nativeName, tensor.pointer()),
        () -> "Cannot bind input " + name);
  }

  private void mapMemory(ov_tensor_t created, int elements) {
    Pointer data = new Pointer((Pointer) null);
    Status.check(ov_tensor_data(created, data), () -> "Cannot map input " + name);
    if (elementType == I64) {
      longs = new LongPointer(data).capacity(elements).asBuffer();
    } else {
      ints = new IntPointer(data).capacity(elements).asBuffer();
    }
  }

  private int elements(long... sizes) {
    boolean allowed = sizes.length >= 1 && sizes.length <= MOST_DIMENSIONS;
    long product = 1;
    for (long size : sizes) {
      allowed &= size >= 1;
      product = Math.multiplyExact(product, size);
    }
    if (!allowed) {
      throw new OpenVinoException(
          "Input %s cannot have the shape %s; allowed are one to three dimensions, each 1 or more."
              .formatted(name, Arrays.toString(sizes)));
    }
    return Math.toIntExact(product);
  }

  private void setShape(long... sizes) {
    if (Arrays.equals(sizes, currentShape)) { // mostly, from one token to the next
      return;
    }
    setDimensions(sizes);
    Status.check(
        ov_tensor_set_shape(tensor.pointer(), shape),
        () -> "Input " + name + " cannot have the shape " + Arrays.toString(sizes));
    currentShape = sizes.clone();
  }

  private void setDimensions(long... sizes) {
    for (int i = 0; i < sizes.length; i++) {
      dimensions.put(i, sizes[i]);
    }
    shape.rank(sizes.length).dims(dimensions);
  }

  void close() {
    if (tensor != null) {
      tensor.close();
    }
  }
}

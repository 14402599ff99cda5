package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.F32;
import static org.bytedeco.openvino.global.openvino.ov_infer_request_get_tensor;
import static org.bytedeco.openvino.global.openvino.ov_shape_free;
import static org.bytedeco.openvino.global.openvino.ov_tensor_data;
import static org.bytedeco.openvino.global.openvino.ov_tensor_free;
import static org.bytedeco.openvino.global.openvino.ov_tensor_get_element_type;
import static org.bytedeco.openvino.global.openvino.ov_tensor_get_shape;
import static org.bytedeco.openvino.global.openvino.ov_tensor_get_size;

import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.openvino.ov_infer_request_t;
import org.bytedeco.openvino.ov_shape_t;
import org.bytedeco.openvino.ov_tensor_t;

/**
 * An output of a session: numbers (f32), read row by row. The logits of a prompt of 1,024 tokens
 * are 131 MB on Phi-3; the next token needs 128 KB of them.
 */
public final class OutputTensor {
  private final InferenceSession session;
  private final String name;
  private final BytePointer nativeName;

  // Kept between calls, so that reading a row allocates nothing.
  private final ov_tensor_t tensor = new ov_tensor_t((Pointer) null);
  private final FloatPointer data = new FloatPointer((Pointer) null);
  private final SizeTPointer size = new SizeTPointer(1);
  private float[] row;
  private long inference = -1; // the session's that data and size are of; none yet

  OutputTensor(InferenceSession session, String name) {
    this.session = session;
    this.name = name;
    this.nativeName = new BytePointer(name);
  }

  /**
   * A row of the last inference: for logits of shape [batch, sequence, vocabulary], the scores of
   * the token that follows one of the tokens.
   *
   * @param index the index of the row, counted through all dimensions but the last one
   * @return this output's own array, as long as the last dimension; the next call overwrites it
   * @throws OpenVinoException if the model has no such output, or not of f32
   * @throws IndexOutOfBoundsException if the row does not exist
   * @throws IllegalStateException before the first inference, or when the session is closed
   */
  public float[] row(int index) {
    synchronized (session) {
      Objects.checkIndex(index, rows());
      data.position((long) index * row.length).get(row);
      data.position(0);
      return row;
    }
  }

  /**
   * Number of rows that the last inference gave: the product of all dimensions but the last one.
   *
   * @throws OpenVinoException if the model has no such output, or not of f32
   * @throws IllegalStateException before the first inference, or when the session is closed
   */
  public int rows() {
    synchronized (session) {
      ov_infer_request_t request = session.request();
      if (inference != session.inferences()) {
        map(request);
        inference = session.inferences();
      }
      return Math.toIntExact(size.get() / row.length);
    }
  }

  /**
   * Looks where the output is. It stays there until the next inference, which the session keeps.
   */
  private void map(ov_infer_request_t request) {
    Status.check(
        ov_infer_request_get_tensor(request, nativeName, tensor),
        () -> "The model has no output named " + name);
    try {
      Status.check(ov_tensor_get_size(tensor, size), () -> "Cannot size output " + name);
      if (size.get() == 0) {
        throw new IllegalStateException("Output " + name + " holds nothing yet: call infer().");
      }
      if (row == null) {
        row = new float[readWidth()];
      }
      Status.check(ov_tensor_data(tensor, data), () -> "Cannot map output " + name);
    } finally {
      ov_tensor_free(tensor);
    }
  }

  /** The length of the last dimension; on the way the element type is checked. */
  private int readWidth() {
    try (IntPointer type = new IntPointer(1);
        ov_shape_t shape = new ov_shape_t()) {
      Status.check(ov_tensor_get_element_type(tensor, type), () -> "Cannot type output " + name);
      if (type.get() != F32) {
        throw new OpenVinoException(
            "Output " + name + " is not f32 but of OpenVINO's type " + type.get() + ".");
      }
      Status.check(ov_tensor_get_shape(tensor, shape), () -> "Cannot read the shape of " + name);
      try {
        return Math.toIntExact(shape.dims().get(shape.rank() - 1));
      } finally {
        ov_shape_free(shape);
      }
    }
  }
}

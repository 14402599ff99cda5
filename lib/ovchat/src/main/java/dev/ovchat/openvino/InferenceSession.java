package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.RESULT_NOT_READY;
import static org.bytedeco.openvino.global.openvino.ov_infer_request_free;
import static org.bytedeco.openvino.global.openvino.ov_infer_request_start_async;
import static org.bytedeco.openvino.global.openvino.ov_infer_request_wait_for;

import dev.ovchat.system.NativeHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.bytedeco.openvino.ov_infer_request_t;

/**
 * Sequences that a compiled model reads. A stateful model keeps their KV cache in here, so a new
 * session starts with an empty cache.
 *
 * <pre>{@code
 * session.input("input_ids").reshape(1, 3);
 * session.input("input_ids").put(0, 791);
 * …
 * session.infer();
 * float[] logits = session.output("logits").row(2);
 * }</pre>
 *
 * <p>Inputs and outputs are made at first use and kept: an inference allocates nothing new. Calls
 * from several threads wait for each other.
 */
public final class InferenceSession implements AutoCloseable {
  private static final long POLL_MS = 20;

  private final NativeHandle<ov_infer_request_t> handle;
  private final Map<String, InputTensor> inputs = new HashMap<>();
  private final Map<String, OutputTensor> outputs = new HashMap<>();
  private boolean cancelled;
  private long inferences;

  InferenceSession(ov_infer_request_t request) {
    this.handle = new NativeHandle<>(this, "session", request, p -> ov_infer_request_free(p));
  }

  /**
   * The input of that name, with an element type of i64 or i32.
   *
   * @throws OpenVinoException if the model has no such input
   */
  public synchronized InputTensor input(String name) {
    InputTensor known = inputs.get(name);
    if (known == null) {
      known = new InputTensor(this, name);
      inputs.put(name, known);
    }
    return known;
  }

  /** The output of that name, which has to be of f32. A missing output shows when it is read. */
  public synchronized OutputTensor output(String name) {
    OutputTensor known = outputs.get(name);
    if (known == null) {
      known = new OutputTensor(this, name);
      outputs.put(name, known);
    }
    return known;
  }

  /**
   * Runs the model once on what the inputs hold now.
   *
   * @throws OpenVinoException if OpenVINO refuses, for instance for shapes that do not fit
   */
  public void infer() {
    infer(() -> false);
  }

  /**
   * Runs the model once, as {@link #infer()}, and asks every 20 ms whether it is cancelled. A
   * cancelled inference runs on to its end in the background, and the model's next inference waits
   * for that.
   *
   * @return whether the model ran to the end; if not, this session and its tensors refuse all but
   *     {@link #close}
   * @throws OpenVinoException if OpenVINO refuses
   */
  public synchronized boolean infer(BooleanSupplier isCancelled) {
    ov_infer_request_t request = request();
    inferences++;
    // Not ov_infer_request_infer, which works in the calling thread: on a busy machine that took
    // three to four times as long (two cores; on an idle one they are equal).
    Status.check(ov_infer_request_start_async(request), () -> "Inference failed");
    int status = ov_infer_request_wait_for(request, POLL_MS);
    while (status == RESULT_NOT_READY) {
      if (isCancelled.getAsBoolean()) {
        cancelled = true;
        CancelledInferences.whenOver(request, this::free);
        return false;
      }
      status = ov_infer_request_wait_for(request, POLL_MS);
    }
    Status.check(status, () -> "Inference failed");
    return true;
  }

  /**
   * The native request. Callers hold this session's lock.
   *
   * @throws IllegalStateException if its inference was cancelled: that still runs on the session's
   *     tensors, and one that fails spoils the compiled model as a cancelled one does
   */
  ov_infer_request_t request() {
    if (cancelled) {
      throw new IllegalStateException(
          "An inference of this session was cancelled and may still run. Make a new session.");
    }
    return handle.pointer();
  }

  /** Number of inferences that were begun. Callers hold this session's lock. */
  long inferences() {
    return inferences;
  }

  /** Frees the session. A cancelled inference still runs, and is freed when it is over. */
  @Override
  public synchronized void close() {
    if (!cancelled) {
      free();
    }
  }

  private synchronized void free() {
    handle.close();
    inputs.values().forEach(InputTensor::close);
  }
}

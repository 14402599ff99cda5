package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.ov_infer_request_wait;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bytedeco.openvino.ov_infer_request_t;

/**
 * Inferences of cancelled generations. They run on to their end, unheeded, since one that OpenVINO
 * cancels spoils the compiled model: with OpenVINO 2026.4.1 on the CPU, other requests then failed
 * on shapes that did not fit, again and again.
 */
final class CancelledInferences {
  private static final ExecutorService WAITING =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "cancelled inference");
            thread.setDaemon(true);
            return thread;
          });

  static {
    // OpenVINO must not be unloaded below a running inference.
    Runtime.getRuntime().addShutdownHook(new Thread(CancelledInferences::waitForAll));
  }

  private CancelledInferences() {}

  /** Waits for an inference to end, and then does something: frees what it works with. */
  static void whenOver(ov_infer_request_t request, Runnable then) {
    WAITING.execute(
        () -> {
          int unused = ov_infer_request_wait(request); // how it ends is of no interest
          then.run();
        });
  }

  private static void waitForAll() {
    WAITING.shutdown();
    try {
      var unused = WAITING.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

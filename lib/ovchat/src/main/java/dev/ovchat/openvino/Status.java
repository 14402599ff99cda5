package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.ov_free;
import static org.bytedeco.openvino.global.openvino.ov_get_error_info;
import static org.bytedeco.openvino.global.openvino.ov_get_last_err_msg;

import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;

/** The one place where a native status becomes an exception. */
final class Status {
  private Status() {}

  /**
   * Does nothing for status 0.
   *
   * @param attempt a description of what was tried, asked for only if it failed
   * @throws OpenVinoException for any other status, with OpenVINO's own reason
   */
  static void check(int status, Supplier<String> attempt) {
    if (status != 0) {
      throw new OpenVinoException(attempt.get() + ": " + reason(status));
    }
  }

  /** OpenVINO's last error message, or the status in words where it left none. */
  static String reason(int status) {
    BytePointer last = ov_get_last_err_msg();
    String message = last == null || last.isNull() ? "" : reasonIn(last.getString());
    return message.isEmpty() ? ov_get_error_info(status).getString() : message;
  }

  /**
   * The reason inside a native message: its last line that is not a source position. OpenVINO wraps
   * each reason in lines like "Exception from src/inference/src/cpp/core.cpp:133:".
   */
  static String reasonIn(String message) {
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("Exception from "))
        .reduce("", (earlier, later) -> later);
  }

  /** Copies a string that OpenVINO allocated for us, and frees it. */
  static String takeString(BytePointer allocated) {
    try {
      return allocated.getString();
    } finally {
      ov_free(allocated);
    }
  }
}

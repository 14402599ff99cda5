package org.bytedeco.openvino.paged;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.openvino.ov_model_t;

/**
 * Paged attention, which OpenVINO offers in C++ alone.
 *
 * <p>Its JNI library is built where the compiler has libstdc++, as the wheel does, and is missing
 * elsewhere: then the class does not load, with an {@link UnsatisfiedLinkError}.
 */
@Properties(
    inherit = org.bytedeco.openvino.presets.openvino.class,
    value = @Platform(include = "paged_attention.h", link = "openvino"))
public final class PagedAttention {
  static {
    Loader.load();
  }

  private PagedAttention() {}

  /**
   * Turns the attention of a stateful language model into paged attention, in place.
   *
   * @return null, or the reason why it cannot be done, until this thread's next call
   */
  @Cast("const char*")
  public static native BytePointer ov_model_use_paged_attention(ov_model_t model);
}

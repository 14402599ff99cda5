package org.bytedeco.openvino;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.Properties;

/**
 * A rank: in C a second name of {@code ov_dimension_t}, a range from min to max, both -1 where it
 * is dynamic.
 */
@Properties(inherit = org.bytedeco.openvino.presets.openvino.class)
public class ov_rank_t extends ov_dimension_t {
  public ov_rank_t() {
    super();
  }

  public ov_rank_t(Pointer pointer) {
    super(pointer);
  }
}

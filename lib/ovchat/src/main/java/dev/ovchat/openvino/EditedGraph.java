package dev.ovchat.openvino;

import static dev.ovchat.openvino.CompiledModel.utf8;
import static org.bytedeco.openvino.global.openvino.ov_core_compile_model_props;
import static org.bytedeco.openvino.global.openvino.ov_core_read_model;
import static org.bytedeco.openvino.global.openvino.ov_core_set_properties;
import static org.bytedeco.openvino.global.openvino.ov_model_free;

import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openvino.ov_compiled_model_t;
import org.bytedeco.openvino.ov_core_t;
import org.bytedeco.openvino.ov_model_t;
import org.bytedeco.openvino.ov_property_t;

/**
 * A graph that is in no file, on the weights of one that is. OpenVINO reads graphs from files only
 * where it may map the weights into memory, so the text goes through a temporary one.
 *
 * @param text the IR, as OpenVINO writes it; characters are bytes (ISO 8859-1)
 * @param weights the file that its constants lie in
 * @param paged whether its attention becomes paged, see {@link PagedAttention}
 */
record EditedGraph(String text, Path weights, boolean paged) {
  /** Property that takes effect when a file is read, and so has nothing to do with compiling. */
  private static final String ENABLE_MMAP = "ENABLE_MMAP";

  /**
   * Reads and compiles it.
   *
   * @param properties the same as {@code config}, for the native call
   * @return OpenVINO's status
   * @throws OpenVinoException if its attention cannot be paged
   */
  int compile(
      ov_core_t core,
      Device device,
      Map<String, String> config,
      ov_property_t properties,
      ov_compiled_model_t compiled) {
    ov_model_t model = new ov_model_t((Pointer) null);
    int status = read(core, config.get(ENABLE_MMAP), model);
    if (status != 0) {
      return status;
    }
    try {
      if (paged) {
        PagedAttention.apply(model);
      }
      return ov_core_compile_model_props(
          core, model, utf8(device.name()), config.size(), properties, compiled);
    } finally {
      ov_model_free(model);
    }
  }

  private int read(ov_core_t core, String mmap, ov_model_t model) {
    return TemporaryGraph.use(
        text,
        file -> mmap == null ? read(core, file, model) : readWithMmap(core, mmap, file, model));
  }

  private int read(ov_core_t core, Path file, ov_model_t model) {
    return ov_core_read_model(core, utf8(file.toString()), utf8(weights.toString()), model);
  }

  /** The setting is the whole runtime's, so it is taken back, and reads with one go one by one. */
  private int readWithMmap(ov_core_t core, String mmap, Path file, ov_model_t model) {
    synchronized (EditedGraph.class) {
      int status = setMmap(core, mmap);
      try {
        return status == 0 ? read(core, file, model) : status;
      } finally {
        setMmap(core, "YES");
      }
    }
  }

  private static int setMmap(ov_core_t core, String value) {
    try (ov_property_t property = new ov_property_t()) {
      property.key(utf8(ENABLE_MMAP)).value(utf8(value));
      return ov_core_set_properties(core, (BytePointer) null, 1, property);
    }
  }
}

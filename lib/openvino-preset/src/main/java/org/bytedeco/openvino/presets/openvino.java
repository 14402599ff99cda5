package org.bytedeco.openvino.presets;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.LoadEnabled;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/**
 * What JavaCPP needs to know to bind the whole OpenVINO C API.
 *
 * <p>The generated classes have the names of the official preset: one class a C struct in {@code
 * org.bytedeco.openvino}, all functions in {@code org.bytedeco.openvino.global.openvino}. The
 * headers use no C++, so hardly anything has to be mapped by hand.
 *
 * <p>The native runtime is not part of the jar, nor is the JNI library: that is in the jar with the
 * system's classifier. {@link NativeRuntime} finds the runtime.
 */
@Properties(
    value =
        @Platform(
            value = {"linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64"},
            include = {
              "openvino/c/ov_common.h",
              "openvino/c/ov_dimension.h",
              "openvino/c/ov_rank.h",
              "openvino/c/ov_shape.h",
              "openvino/c/ov_partial_shape.h",
              "openvino/c/ov_layout.h",
              "openvino/c/ov_tensor.h",
              "openvino/c/ov_node.h",
              "openvino/c/ov_model.h",
              "openvino/c/ov_property.h",
              "openvino/c/ov_remote_context.h",
              "openvino/c/ov_infer_request.h",
              "openvino/c/ov_compiled_model.h",
              "openvino/c/ov_core.h",
              "openvino/c/ov_prepostprocess.h",
              "openvino/c/ov_util.h",
              "openvino/c/auto/properties.h",
              "openvino/c/gpu/gpu_plugin_properties.h",
              "openvino/c/openvino.h"
            },
            link = "openvino_c"),
    target = "org.bytedeco.openvino",
    global = "org.bytedeco.openvino.global.openvino")
public class openvino implements LoadEnabled, InfoMapper {

  /** Loads OpenVINO's C library by its absolute path, before JavaCPP loads the JNI library. */
  @Override
  public void init(ClassProperties properties) {
    // While the preset itself is being built there is nothing to load yet.
    if (Loader.isLoadLibraries()) {
      Path library = NativeRuntime.locate();
      RuntimeNames.HERE.before().stream()
          .map(library::resolveSibling)
          .filter(Files::exists)
          .forEach(openvino::loadForProcess);
      loadForProcess(library);
    }
  }

  /**
   * Loads a library, unless another class loader of this JVM has done so: the JNI library finds it
   * in the process, whoever brought it there.
   */
  private static void loadForProcess(Path library) {
    try {
      System.load(library.toString());
    } catch (UnsatisfiedLinkError e) {
      if (!e.getMessage().contains("already loaded in another classloader")) {
        throw e;
      }
    }
  }

  @Override
  public void map(InfoMap infoMap) {
    infoMap
        // JavaCPP's preprocessor does not evaluate the compiler tests around these macros.
        .put(new Info("OPENVINO_C_API").cppText("#define OPENVINO_C_API(...) __VA_ARGS__"))
        .put(new Info("OPENVINO_C_VAR").cppText("#define OPENVINO_C_VAR(...) __VA_ARGS__"))
        .put(new Info("OPENVINO_C_API_EXTERN", "OPENVINO_C_API_CALLBACK").cppTypes().annotations())
        // On Linux the headers define this for GCC and Clang: paths as wchar_t.
        .put(new Info("OPENVINO_ENABLE_UNICODE_PATH_SUPPORT").define())
        // A typedef of ov_dimension_t that the official preset shows as a class of its own.
        .put(new Info("ov_rank_t").pointerTypes("ov_rank_t"))
        // Renames BOOLEAN for Windows.h alone, and would hide the element type of that name.
        .put(new Info("OV_BOOLEAN", "BOOLEAN").skip());
  }
}

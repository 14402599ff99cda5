package org.bytedeco.openvino.presets;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/**
 * What OpenVINO's files and folders are called on a system.
 *
 * @param library name of the C library in messages
 * @param pattern of its file, whose name may hold a version
 * @param before libraries beside it that have to be loaded first, in this order
 * @param installed folder of the libraries in an installed OpenVINO
 * @param system the system's own folder of libraries, seen from the root
 */
record RuntimeNames(
    String library,
    String pattern,
    List<String> before,
    String installed,
    Optional<String> system) {
  /** The systems that there are jars for. */
  static final List<String> PLATFORMS =
      List.of("linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64");

  /** The names on this system. */
  static final RuntimeNames HERE = of(Loader.getPlatform());

  /** The names on a system, which is called as in JavaCPP: {@code linux-arm64}. */
  static RuntimeNames of(String platform) {
    return switch (platform) {
      case "windows-x86_64" ->
          // Windows looks for what a library needs beside the program, not beside the library.
          new RuntimeNames(
              "openvino_c.dll",
              "openvino_c.dll",
              List.of("tbb12.dll", "openvino.dll"),
              "runtime/bin/intel64/Release",
              Optional.empty());
      case "macosx-arm64" ->
          new RuntimeNames(
              "libopenvino_c.dylib",
              "libopenvino_c.*dylib",
              List.of(),
              "runtime/lib/arm64/Release",
              Optional.empty());
      case "linux-arm64" -> linux("runtime/lib/aarch64", "usr/lib/aarch64-linux-gnu");
      default -> linux("runtime/lib/intel64", "usr/lib/x86_64-linux-gnu");
    };
  }

  private static RuntimeNames linux(String installed, String system) {
    return new RuntimeNames(
        "libopenvino_c.so", "libopenvino_c.so*", List.of(), installed, Optional.of(system));
  }
}

package org.bytedeco.openvino.presets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.openvino.global.openvino;
import org.bytedeco.openvino.ov_version_t;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preset binds the whole C API, under the official preset's names. */
class GeneratedApiTest {
  private static final Path HEADERS = Path.of(System.getProperty("openvino.include"), "openvino/c");

  /** A function's name between its return type in OPENVINO_C_API(…) and its parameters. */
  private static final Pattern FUNCTION =
      Pattern.compile("OPENVINO_C_API\\([^)]*\\)\\s*(\\w+)\\s*\\(", Pattern.MULTILINE);

  private static final Pattern KEY =
      Pattern.compile("OPENVINO_C_VAR\\([^)]*\\)\\s*(\\w+)\\s*;", Pattern.MULTILINE);

  @Test
  void bindsEveryFunctionAndEveryPropertyKeyOfTheHeaders() throws IOException {
    Set<String> bound =
        Arrays.stream(openvino.class.getMethods())
            .filter(method -> Modifier.isNative(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(declared(FUNCTION)).hasSizeGreaterThan(100).isSubsetOf(bound);
    assertThat(declared(KEY)).hasSizeGreaterThan(40).isSubsetOf(bound);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encryption_func",
        "ov_available_devices_t",
        "ov_callback_t",
        "ov_callback_t$Callback_func_Pointer",
        "ov_compiled_model_t",
        "ov_core_t",
        "ov_core_version_list_t",
        "ov_core_version_t",
        "ov_dimension_t",
        "ov_encryption_callbacks",
        "ov_infer_request_t",
        "ov_layout_t",
        "ov_model_t",
        "ov_output_const_port_t",
        "ov_output_port_t",
        "ov_partial_shape_t",
        "ov_preprocess_input_info_t",
        "ov_preprocess_input_model_info_t",
        "ov_preprocess_input_tensor_info_t",
        "ov_preprocess_output_info_t",
        "ov_preprocess_output_tensor_info_t",
        "ov_preprocess_prepostprocessor_t",
        "ov_preprocess_preprocess_steps_t",
        "ov_profiling_info_list_t",
        "ov_profiling_info_t",
        "ov_rank_t",
        "ov_remote_context_t",
        "ov_shape_t",
        "ov_tensor_t",
        "ov_util_log_callback_func",
        "ov_version_t"
      })
  void hasTheClassesOfTheOfficialPreset(String name) throws ClassNotFoundException {
    assertThat(Class.forName("org.bytedeco.openvino." + name, false, getClass().getClassLoader()))
        .isNotNull();
  }

  @Test
  void callsTheNativeLibrary() {
    try (ov_version_t version = new ov_version_t()) {
      assertThat(openvino.ov_get_openvino_version(version)).isEqualTo(openvino.OK);
      assertThat(version.buildNumber().getString()).matches("\\d{4}\\.\\d+\\.\\d+-.*");
      openvino.ov_version_free(version);
    }
  }

  private static List<String> declared(Pattern pattern) throws IOException {
    try (Stream<Path> headers = Files.walk(HEADERS)) {
      return headers
          .filter(header -> header.toString().endsWith(".h"))
          .flatMap(header -> pattern.matcher(read(header)).results())
          .map(match -> match.group(1))
          .distinct()
          .toList();
    }
  }

  private static String read(Path header) {
    try {
      return Files.readString(header);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

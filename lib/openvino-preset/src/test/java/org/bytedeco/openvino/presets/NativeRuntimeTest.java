package org.bytedeco.openvino.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented order of the places where the native runtime is looked for. */
class NativeRuntimeTest {
  @TempDir Path root;
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private Optional<Path> jar;

  private Path byProperty;
  private Path byVariable;
  private Path fromJar;
  private Path wheel;
  private Path activeEnvironment;
  private Path installed;

  @BeforeEach
  void makeEveryPlace() throws IOException {
    byProperty = place("a");
    byVariable = place("b");
    fromJar = place("unpacked");
    jar = Optional.of(fromJar.getParent());
    wheel = place("home/openvino/libs");
    activeEnvironment = place("venv/lib/python3.11/site-packages/openvino/libs");
    installed = place("opt/intel/openvino_2026/runtime/lib/intel64");
    properties.put(NativeRuntime.PROPERTY, byProperty.getParent().toString());
    variables.put(NativeRuntime.VARIABLE, byVariable.getParent().toString());
    variables.put("OVCHAT_HOME", root.resolve("home").toString());
    variables.put("VIRTUAL_ENV", root.resolve("venv").toString());
  }

  @Test
  void takesThePlacesInTheDocumentedOrder() throws IOException {
    assertThat(locate()).isEqualTo(byProperty);
    properties.clear();
    assertThat(locate()).isEqualTo(byVariable);
    variables.remove(NativeRuntime.VARIABLE);
    assertThat(locate()).isEqualTo(fromJar);
    jar = Optional.empty();
    assertThat(locate()).isEqualTo(wheel);
    Files.delete(wheel);
    assertThat(locate()).isEqualTo(activeEnvironment);
    Files.delete(activeEnvironment);
    assertThat(locate()).isEqualTo(installed);
  }

  @Test
  void aNamedPlaceWithoutTheLibraryIsAnErrorAndNotSkipped() throws IOException {
    Files.delete(byProperty);
    assertThatThrownBy(this::locate)
        .isInstanceOf(UnsatisfiedLinkError.class)
        .hasMessageContaining("none of these folders: " + byProperty.getParent())
        .hasMessageNotContaining(wheel.getParent().toString());
  }

  @Test
  void aJarWithoutTheLibraryIsAnErrorAndNotSkipped() throws IOException {
    properties.clear();
    variables.remove(NativeRuntime.VARIABLE);
    Files.delete(fromJar);
    assertThatThrownBy(this::locate)
        .hasMessageContaining("none of these folders: " + fromJar.getParent() + ".");
  }

  @Test
  void namesEveryPlaceItLookedAtAndTheRemedy() throws IOException {
    properties.clear();
    variables.remove(NativeRuntime.VARIABLE);
    jar = Optional.empty();
    for (Path library : new Path[] {wheel, activeEnvironment, installed}) {
      Files.delete(library);
    }
    assertThatThrownBy(this::locate)
        .hasMessageContaining(wheel.getParent().toString())
        .hasMessageContaining(activeEnvironment.getParent().toString())
        .hasMessageContaining(installed.getParent().toString())
        .hasMessageContaining("OPENVINO_LIBS=FOLDER");
  }

  @Test
  void findsTheFilesOfOtherSystemsByTheirNames() throws IOException {
    Files.delete(byProperty);
    Path folder = byProperty.getParent();
    Path mac = Files.createFile(folder.resolve("libopenvino_c.2641.dylib"));
    Path windows = Files.createFile(folder.resolve("openvino_c.dll"));
    assertThat(locate("macosx-arm64")).isEqualTo(mac);
    assertThat(locate("windows-x86_64")).isEqualTo(windows);
    assertThatThrownBy(() -> locate("linux-arm64"))
        .hasMessage(
            "libopenvino_c.so is in none of these folders: %s. Name its folder with"
                + " -Dopenvino.libs=FOLDER or OPENVINO_LIBS=FOLDER.",
            folder);
  }

  @Test
  void looksOnArmInItsOwnFoldersOfAnInstalledOpenVino() throws IOException {
    properties.clear();
    variables.clear();
    jar = Optional.empty();
    Path arm = place("opt/intel/openvino_2026/runtime/lib/aarch64");
    assertThat(locate("linux-arm64")).isEqualTo(arm);
    Files.delete(arm);
    assertThat(locate("linux-x86_64")).isEqualTo(installed);
    Path system = place("usr/lib/aarch64-linux-gnu");
    assertThat(locate("linux-arm64")).isEqualTo(system);
  }

  private Path locate() {
    return locate("linux-x86_64");
  }

  private Path locate(String platform) {
    return NativeRuntime.locate(
        RuntimeNames.of(platform), properties::get, variables::get, () -> jar, root);
  }

  private Path place(String folder) throws IOException {
    Path library = root.resolve(folder).resolve("libopenvino_c.so.2641");
    Files.createDirectories(library.getParent());
    return Files.createFile(library);
  }
}

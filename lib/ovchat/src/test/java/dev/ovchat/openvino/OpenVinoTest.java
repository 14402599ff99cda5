package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runtime is loaded once in a process: other runtimes are tried in other JVMs. */
class OpenVinoTest {
  private static final String REMEDY =
      "Unset OPENVINO_LIBS and run ./scripts/setup, or install it with: pip install"
          + " openvino==2026.4.1; a program can depend on dev.ovchat:ovchat-platform, which brings"
          + " it.";

  @TempDir Path folder;

  /** Prints the version, or why there is none; twice, since a notebook's cell is run again. */
  static final class PrintVersion {
    public static void main(String[] arguments) {
      for (int i = 0; i < 2; i++) {
        try {
          System.out.println(OpenVino.version());
        } catch (OpenVinoException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  @Test
  void hasTheVersionThatItWasBuiltFor() {
    assertThat(OpenVino.version()).startsWith("2026.4.1-");
  }

  @Test
  void aMissingRuntimeIsNamedWithTheVersionThePlacesAndTheCommand() {
    assertPrinted(
        "The OpenVINO runtime 2026.4.1 cannot be loaded. libopenvino_c.so is in none of these"
            + " folders: "
            + folder
            + ". Name its folder with -Dopenvino.libs=FOLDER or OPENVINO_LIBS=FOLDER. "
            + REMEDY);
  }

  @Test
  void anotherVersionIsNamedBeforeItIsLoaded() throws IOException {
    Path library = Files.createFile(folder.resolve("libopenvino_c.so.2541"));
    assertPrinted(
        "The OpenVINO runtime found is 2025.4.1, "
            + library
            + ", but ovchat was built for 2026.4.1. "
            + REMEDY);
  }

  @Test
  void aLibraryThatIsNoneIsNamed() throws IOException {
    Path library = Files.createFile(folder.resolve("libopenvino_c.so.2641"));
    assertThat(print().get(0))
        .startsWith("The OpenVINO runtime 2026.4.1 cannot be loaded. " + library)
        .contains("file too short")
        .endsWith(REMEDY);
  }

  @Test
  void aLinkToNoLibraryIsNamed() throws IOException {
    Path library = folder.resolve("libopenvino_c.so");
    Files.createSymbolicLink(library, Path.of("nowhere"));
    assertPrinted(
        "The OpenVINO runtime 2026.4.1 cannot be loaded. " + library + " leads nowhere. " + REMEDY);
  }

  private void assertPrinted(String message) {
    assertThat(print()).containsExactly(message, message);
  }

  private List<String> print() {
    return new ChildJvm(Map.of("OPENVINO_LIBS", folder.toString()))
        .run(PrintVersion.class, folder, List.of())
        .output();
  }
}

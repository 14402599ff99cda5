package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.ChildJvm;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large graph in a small heap: a sentence. */
@Slow
class LoadMemoryTest {
  private static final String GRAPH = "openvino_model.xml";

  @TempDir Path folder;

  @Test
  void tooLittleIsSaid() throws IOException {
    try (var files = Files.list(DemoModel.DIRECTORY)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    String comment = "<!--" + " ".repeat(20_000_000) + "-->";
    Files.writeString(folder.resolve(GRAPH), comment, StandardOpenOption.APPEND);
    assertThat(output("16m"))
        .singleElement()
        .asString()
        .startsWith("UnusableFileException: Java has no memory left ")
        .endsWith(" for instance by JDK_JAVA_OPTIONS=-Xmx1g.");
    assertThat(output("1g")).containsExactly("loaded: CPU");
  }

  private List<String> output(String heap) {
    return new ChildJvm(Map.of("JDK_JAVA_OPTIONS", "-Xmx" + heap))
        .run(ModelLoad.class, folder, List.of(folder.toString()))
        .output();
  }
}

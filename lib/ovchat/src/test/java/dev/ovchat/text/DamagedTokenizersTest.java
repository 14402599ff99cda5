package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.ChildJvm;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged tokenizer.json is usable or refused with its name; it never ends the process. */
@Slow
class DamagedTokenizersTest {
  private static final int COUNT = 3000;

  @Test
  void areUsableOrRefused(@TempDir Path folder) throws IOException {
    Path directory = DemoModel.copyTo(folder.resolve("model"));
    var outcome =
        new ChildJvm(Map.of())
            .run(
                DamagedTokenizers.class,
                folder,
                List.of(directory.toString(), Integer.toString(COUNT)));
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output()).hasSize(2 * COUNT);
    List<String> refused =
        outcome.output().stream().filter(line -> line.startsWith("refused: ")).toList();
    assertThat(refused).allMatch(line -> line.contains("tokenizer.json"));
    // Many get as far as the native library, and some are harmless.
    assertThat(refused)
        .filteredOn(line -> line.startsWith("refused: Cannot "))
        .hasSizeGreaterThan(COUNT / 4);
    assertThat(outcome.output()).filteredOn("usable"::equals).hasSizeGreaterThan(COUNT / 50);
  }
}

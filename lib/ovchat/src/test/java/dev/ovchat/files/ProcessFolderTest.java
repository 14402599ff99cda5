package dev.ovchat.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process leaves behind, the next one deletes, and nothing of those that live. */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessFolderTest {
  @TempDir Path temporary;
  private final List<Process> started = new ArrayList<>();

  /** Writes a file and a directory, says where, and lives until its input ends. */
  static final class Writer {
    public static void main(String[] arguments) throws IOException {
      Path file = ProcessFolder.newFile("graph", ".xml");
      Files.writeString(ProcessFolder.newDirectory("run").resolve("request"), "x");
      System.out.println(file);
      while (System.in.read() >= 0) {
        // Until the test lets it go.
      }
    }
  }

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void whatAKilledProcessLeftIsGoneAndNothingElse() throws Exception {
    Process killed = start();
    Process alive = start();
    Path left = file(killed);
    Path kept = file(alive);
    killed.destroyForcibly();
    assertThat(killed.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(left).exists();

    Process next = start();
    Path itsOwn = file(next);
    assertThat(left.getParent()).doesNotExist();
    assertThat(kept).exists();
    assertThat(itsOwn).exists();

    for (Process process : List.of(alive, next)) { // which end as programs do
      process.getOutputStream().close();
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    }
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files.filter(file -> file.toString().contains("ovchat"))).isEmpty();
    }
  }

  @Test
  void foreignThingsOfThatNameStay() throws Exception {
    Path file = Files.createFile(temporary.resolve("ovchat-process-1"));
    Path link = temporary.resolve("ovchat-process-2");
    Path target = Files.createDirectory(temporary.resolve("target"));
    Files.createSymbolicLink(link, target);
    Path linked = Files.createDirectory(temporary.resolve("ovchat-process-3"));
    Files.createSymbolicLink(linked.resolve("lock"), target.resolve("made"));
    file(start());
    assertThat(file).exists();
    assertThat(link).exists();
    assertThat(linked).exists();
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void manyStartsAtOnceDoNotDisturbEachOther() throws Exception {
    List<Process> many = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      many.add(start());
    }
    for (Process process : many) {
      assertThat(file(process)).exists();
    }
  }

  private Process start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    started.add(process);
    return process;
  }

  /** The file that the process wrote; by then it has made its folder. */
  private static Path file(Process process) throws IOException {
    BufferedReader output = process.inputReader();
    return Path.of(output.readLine());
  }
}

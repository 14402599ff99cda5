package dev.ovchat.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is there as a whole, or not at all. */
class AtomicFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("file");
  }

  private static AtomicFile.Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void assertNothingElseIsThere() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void theNewContentTakesThePlaceOfTheOld() throws IOException {
    AtomicFile.write(file, text("old and longer"));
    AtomicFile.write(file, text("new"));
    assertThat(file).hasContent("new");
    assertNothingElseIsThere();
  }

  @Test
  void theOldContentStaysUntilAllIsWritten() throws IOException {
    AtomicFile.write(file, text("old"));
    AtomicFile.write(
        file,
        out -> {
          out.write('n');
          out.flush();
          assertThat(file).hasContent("old");
        });
    assertThat(file).hasContent("n");
  }

  @Test
  void ofAFailureNothingIsLeft() throws IOException {
    AtomicFile.write(file, text("old"));
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write('n');
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is full");
    assertThat(file).hasContent("old");
    assertNothingElseIsThere();
  }

  @Test
  void aFolderThatIsNotEmptyStays() throws IOException {
    Files.createDirectories(file.resolve("inside"));
    assertThatThrownBy(() -> AtomicFile.write(file, text("new"))).isInstanceOf(IOException.class);
    assertThat(file.resolve("inside")).exists();
    assertNothingElseIsThere();
  }

  @Test
  void othersMayReadItAsAnyFile() throws IOException {
    Path usual = Files.createFile(folder.resolve("usual"));
    AtomicFile.write(file, text("new"));
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void anInterruptDoesNotEndTheWriting() throws IOException {
    Thread.currentThread().interrupt();
    AtomicFile.write(file, text("new"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("new");
  }
}

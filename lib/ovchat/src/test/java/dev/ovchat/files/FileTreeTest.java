package dev.ovchat.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree of files goes as a whole, and nothing beside it. */
class FileTreeTest {
  @TempDir Path folder;

  @Test
  void allOfATreeIsDeleted() throws IOException {
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("a/b/empty"));
    Files.writeString(tree.resolve("a/b/file"), "x");
    Files.writeString(tree.resolve("a.file"), "x");
    Path beside = Files.writeString(folder.resolve("tree.file"), "x");
    FileTree.delete(tree);
    assertThat(tree).doesNotExist();
    assertThat(beside).exists();
  }

  @Test
  void aFileIsATreeToo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    FileTree.delete(file);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatLinksLeadToStays() throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    Files.writeString(target.resolve("file"), "x");
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), target);
    Files.createSymbolicLink(tree.resolve("nowhere"), folder.resolve("none"));
    FileTree.delete(tree);
    assertThat(tree).doesNotExist();

    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    FileTree.delete(link);
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(target.resolve("file")).exists();
  }

  @Test
  void whatIsNotThereIsNoFailure() throws IOException {
    FileTree.delete(folder.resolve("none"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatCannotBeDeletedIsAFailure() {
    Path ofTheSystem = Path.of("/proc/self/status"); // not even root can
    assertThatThrownBy(() -> FileTree.delete(ofTheSystem)).isInstanceOf(FileSystemException.class);
    assertThat(ofTheSystem).exists();
  }
}

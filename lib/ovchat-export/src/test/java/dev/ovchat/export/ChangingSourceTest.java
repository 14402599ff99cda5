package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checkpoint is written while it is exported, for instance because it is downloaded again. */
@Slow
class ChangingSourceTest {
  @TempDir Path folder;
  private Path weights;

  private interface Change {
    void make() throws IOException;
  }

  @BeforeEach
  void makeCheckpoint() throws IOException {
    TinyCheckpoint.of("llama")
        .with("vocab_size", 40_000)
        .with("hidden_size", 128)
        .writeTo(folder.resolve("checkpoint"));
    weights = folder.resolve("checkpoint/model.safetensors");
    Files.setLastModifiedTime(weights, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    Files.createDirectory(folder.resolve("place"));
  }

  private void assertRefused(Change change) throws IOException {
    assertRefused(change, weights);
  }

  /** Makes the change as soon as the first part of a tensor is read. */
  private void assertRefused(Change change, Path changed) throws IOException {
    AtomicBoolean isMade = new AtomicBoolean();
    Export export =
        Export.of(weights.getParent())
            .groupSize(8)
            .progress(
                progress -> {
                  if (!isMade.getAndSet(true)) {
                    make(change);
                  }
                });
    assertThatThrownBy(() -> export.to(folder.resolve("place/model")))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            changed
                + " has changed since it was opened: it is being written; wait until it is complete, and export again.");
    assertThat(folder.resolve("place")).isEmptyDirectory();
  }

  private static void make(Change change) {
    try {
      change.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void itGrows() throws IOException {
    assertRefused(() -> Files.write(weights, new byte[1], StandardOpenOption.APPEND));
  }

  @Test
  void itShrinks() throws IOException {
    assertRefused(() -> truncate(4096));
  }

  @Test
  void itIsEmptied() throws IOException {
    assertRefused(() -> truncate(0));
  }

  private void truncate(long size) throws IOException {
    try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      file.truncate(size);
    }
  }

  @Test
  void itsBytesChange() throws IOException {
    assertRefused(
        () -> {
          try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(8), Files.size(weights) - 8);
          }
        });
  }

  @Test
  void itIsReplaced() throws IOException {
    Path other = folder.resolve("other");
    Files.copy(weights, other);
    assertRefused(() -> Files.move(other, weights, StandardCopyOption.ATOMIC_MOVE));
  }

  @Test
  void itIsDeleted() throws IOException {
    assertThatThrownBy(
            () -> {
              Export.of(weights.getParent())
                  .weightFormat(WeightFormat.INT8)
                  .progress(progress -> weights.toFile().delete())
                  .to(folder.resolve("place/model"));
            })
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("Cannot read " + weights + ": it is not there.");
    assertThat(folder.resolve("place")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json"})
  void whatStandsBesideTheWeightsChanges(String name) throws IOException {
    Path file = weights.resolveSibling(name);
    assertRefused(() -> Files.writeString(file, " ", StandardOpenOption.APPEND), file);
  }
}

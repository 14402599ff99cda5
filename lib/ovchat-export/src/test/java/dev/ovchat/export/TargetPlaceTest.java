package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model directory comes into being as a whole, and only where there is nothing. */
class TargetPlaceTest {
  @TempDir Path folder;
  private Path checkpoint;
  private Path place;

  @BeforeEach
  void makeCheckpoint() throws IOException {
    checkpoint = TinyCheckpoint.of("llama").writeTo(folder.resolve("checkpoint"));
    place = Files.createDirectory(folder.resolve("place"));
  }

  private Export export() {
    return Export.of(checkpoint).weightFormat(WeightFormat.INT8);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void assertRefused(Path target, String message) throws IOException {
    List<String> before = names(place);
    assertThatThrownBy(() -> export().to(target))
        .isInstanceOf(ExportException.class)
        .hasMessage(message);
    assertThat(names(place)).isEqualTo(before);
  }

  private static String taken(Path target) {
    return "There is something at %s already; delete it, or export to another directory."
        .formatted(target);
  }

  @Test
  void parentsAreMade() throws IOException {
    Path target = place.resolve("a/b/model");
    assertThat(export().to(target).directory()).isEqualTo(target);
    assertThat(names(target.getParent())).containsExactly("model");
    assertThat(names(target))
        .containsExactly(
            "config.json",
            "generation_config.json",
            "openvino_model.bin",
            "openvino_model.xml",
            "tokenizer.json");
  }

  @Test
  void anEmptyDirectoryIsUsed() throws IOException {
    Path target = Files.createDirectory(place.resolve("model"));
    export().to(target);
    assertThat(names(target)).contains("openvino_model.bin");
    assertThat(names(place)).containsExactly("model");
  }

  @Test
  void othersMayReadIt() throws IOException {
    Path target = place.resolve("model");
    export().to(target);
    Path usual = Files.createDirectory(place.resolve("usual"));
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void aDirectoryWithAFileIsLeftAlone() throws IOException {
    Path target = Files.createDirectory(place.resolve("model"));
    Files.createFile(target.resolve(".hidden"));
    assertRefused(target, taken(target));
    assertThat(names(target)).containsExactly(".hidden");
  }

  @Test
  void aFileIsLeftAlone() throws IOException {
    Path target = Files.writeString(place.resolve("model"), "mine");
    assertRefused(target, taken(target));
    assertThat(target).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere", ".", "../checkpoint", "model"})
  void aLinkIsLeftAlone(String to) throws IOException {
    Path target = Files.createSymbolicLink(place.resolve("model"), Path.of(to));
    assertRefused(
        target, target + " is a link; name the directory that it is to lead to, or another one.");
  }

  @Test
  void theRootIsNoModelDirectory() throws IOException {
    assertRefused(Path.of("/"), "/ cannot be a model directory; take one inside it.");
    assertRefused(Path.of("/x/.."), "/ cannot be a model directory; take one inside it.");
  }

  @Test
  void relativePathsAreThoseOfTheProcess() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    assertRefused(Path.of("."), taken(here));
    assertRefused(Path.of(""), taken(here));
    Path target = here.relativize(place.resolve("x/../model"));
    export().to(target);
    assertThat(names(place)).containsExactly("model");
  }

  @Test
  void aFileAboveIsNamed() throws IOException {
    Path file = Files.createFile(place.resolve("file"));
    Path target = file.resolve("a/model");
    assertRefused(
        target, "Cannot make %s: %s is no directory; take another place.".formatted(target, file));
  }

  @Test
  void aPlaceWithoutPermissionIsNamed() throws IOException {
    Path closed = Files.createDirectory(place.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    var outcome =
        new ChildJvm(Map.of())
            .withPermissionsInForce()
            .run(
                ExportProcess.class,
                folder,
                List.of(checkpoint.toString(), closed.resolve("a/model").toString()));
    assertThat(outcome.output())
        .containsExactly(
            "ExportException: Cannot make %s: you have no permission to write in %s; take another place."
                .formatted(closed.resolve("a/model"), closed));
    assertThat(names(closed)).isEmpty();
  }

  @Test
  void whatIsTakenMeanwhileIsLeftAlone() throws IOException {
    Path target = place.resolve("model");
    Export export =
        export()
            .progress(
                progress -> {
                  target.resolve("mine").toFile().mkdirs();
                });
    assertThatThrownBy(() -> export.to(target))
        .isInstanceOf(ExportException.class)
        .hasMessage(taken(target));
    assertThat(names(place)).containsExactly("model");
    assertThat(names(target)).containsExactly("mine");
  }

  @Test
  void whatAKilledExportLeftIsDeleted() throws IOException {
    Path dead = leftOver(".model.export-999999999999-1", Instant.now());
    Path sameNumber =
        leftOver(
            String.format(Locale.ROOT, ".model.export-%d-2", ProcessHandle.current().pid()),
            Instant.parse("2026-01-01T00:00:00Z"));
    Path alive =
        leftOver(
            String.format(Locale.ROOT, ".model.export-%d-3", ProcessHandle.current().pid()),
            Instant.now());
    Path another = leftOver(".another.export-999999999999-1", Instant.now());
    Path mine = Files.createFile(place.resolve(".model.export-999999999999-5"));
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Files.createFile(theirs.resolve("file"));
    Path link = Files.createSymbolicLink(place.resolve(".model.export-999999999999-6"), theirs);

    export().to(place.resolve("model"));
    assertThat(dead).doesNotExist();
    assertThat(sameNumber).doesNotExist();
    assertThat(List.of(alive, another, mine, link)).allMatch(Files::exists);
    assertThat(names(theirs)).containsExactly("file");
  }

  private Path leftOver(String name, Instant written) throws IOException {
    Path aside = Files.createDirectory(place.resolve(name));
    Files.createFile(aside.resolve("openvino_model.bin"));
    Files.setLastModifiedTime(aside, FileTime.from(written));
    return aside;
  }

  @Test
  void ofTwoAtTheSameTimeOneWins() throws Exception {
    Path target = place.resolve("model");
    CyclicBarrier both = new CyclicBarrier(2);
    Callable<String> task =
        () -> {
          both.await();
          try {
            return export().to(target).directory().toString();
          } catch (ExportException e) {
            return e.getMessage();
          }
        };
    var threads = Executors.newFixedThreadPool(2);
    List<String> outcomes = new ArrayList<>();
    for (Future<String> outcome : threads.invokeAll(List.of(task, task))) {
      outcomes.add(outcome.get());
    }
    threads.shutdown();
    assertThat(outcomes).containsExactlyInAnyOrder(target.toString(), taken(target));
    assertThat(names(place)).containsExactly("model");
    assertThat(names(target)).hasSize(5);
  }
}

package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.ChildJvm;
import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No space, no memory, no time: a sentence, and no half of a model. */
@Slow
class ScarceResourcesTest {
  @TempDir Path folder;
  private Path checkpoint;
  private Path place;

  @BeforeEach
  void makePlace() throws IOException {
    checkpoint = folder.resolve("checkpoint");
    place = Files.createDirectory(folder.resolve("place"));
  }

  /** 10 MB. */
  private void writeCheckpoint() throws IOException {
    TinyCheckpoint.of("llama")
        .with("vocab_size", 40_000)
        .with("hidden_size", 128)
        .writeTo(checkpoint);
  }

  @Test
  void aModelThatIsLargerThanTheDisk() throws IOException {
    long free = Files.getFileStore(place).getUsableSpace();
    long vocabulary = (free + 10_000_000_000L) / (4096 * 2);
    TinyCheckpoint large =
        TinyCheckpoint.of("llama")
            .with("vocab_size", vocabulary)
            .with("hidden_size", 4096)
            .with("num_hidden_layers", 1)
            .with("tie_word_embeddings", true);
    large.writeOthers(checkpoint);
    writeWithHole(large);
    assertThatThrownBy(
            () -> Export.of(checkpoint).weightFormat(WeightFormat.FP16).to(place.resolve("model")))
        .isInstanceOf(ExportException.class)
        .hasMessageMatching(
            "There is not enough space for %s: the model needs [0-9,]+ MB; free some, or export to another disk\\."
                .formatted(place.resolve("model")));
    assertThat(place).isEmptyDirectory();
  }

  /** All weights are a hole in the file, which takes no space. */
  private void writeWithHole(TinyCheckpoint large) throws IOException {
    byte[] header = large.header();
    try (FileChannel file =
        FileChannel.open(
            checkpoint.resolve("model.safetensors"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      file.write(
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length));
      file.write(ByteBuffer.wrap(header));
      file.write(ByteBuffer.allocate(1), Long.BYTES + header.length + large.weightBytes() - 1);
    }
  }

  @Test
  void aDiskThatIsFullInTheMiddle() throws IOException, InterruptedException {
    writeCheckpoint();
    Process process =
        start(List.of("bash", "-c", "ulimit -f 4096; exec \"$@\"", "bash"), List.of("-Xmx256m"));
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(output())
        .containsExactly(
            "ExportException: Cannot write the model of 11 MB to %s: File too large."
                .formatted(place.resolve("model")));
    assertThat(place).isEmptyDirectory();
  }

  /** In a chroot, as container builds use it, Java finds no entry for the disk of a place. */
  @Test
  void aDiskThatJavaDoesNotFind() throws IOException, InterruptedException {
    writeCheckpoint();
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.createDirectories(root.resolve("new disk/model"));
    boolean isRoot = System.getProperty("user.name").equals("root");
    Process process =
        start(
            List.of(
                "unshare",
                isRoot ? "--mount" : "--map-root-user",
                "--mount",
                "bash",
                "-euc",
                """
                for entry in /*; do
                  if [ -L "$entry" ]; then cp -P "$entry" "$0$entry"
                  elif [ -d "$entry" ]; then mkdir "$0$entry"; mount --rbind "$entry" "$0$entry"
                  fi
                done
                exec chroot "$0" "$@"\
                """,
                root.toString()),
            List.of(),
            Path.of("/new disk/model"));
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(output()).containsExactly("done");
    assertThat(names(root.resolve("new disk/model"))).contains("openvino_model.bin");
  }

  /** It lacks at another moment with each size. */
  @ParameterizedTest
  @ValueSource(ints = {6, 7, 8, 9})
  void noMemory(int megabytes) throws IOException {
    writeCheckpoint();
    var outcome =
        new ChildJvm(Map.of("JDK_JAVA_OPTIONS", "-Xmx" + megabytes + "m"))
            .run(
                ExportProcess.class,
                folder,
                List.of(checkpoint.toString(), place.resolve("model").toString()));
    assertThat(outcome.output())
        .containsExactly(
            "ExportException: Java has no memory left for the export; give it more, for instance by JDK_JAVA_OPTIONS=-Xmx2g.");
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void aModelIsNeverWholeInMemory() throws IOException {
    TinyCheckpoint.of("llama")
        .with("vocab_size", 400_000)
        .with("hidden_size", 128)
        .writeTo(checkpoint);
    var outcome =
        new ChildJvm(Map.of("JDK_JAVA_OPTIONS", "-Xmx100m"))
            .run(
                ExportProcess.class,
                folder,
                List.of(checkpoint.toString(), place.resolve("model").toString()));
    assertThat(outcome.output()).containsExactly("done");
    assertThat(checkpoint.resolve("model.safetensors").toFile().length())
        .isGreaterThan(200_000_000);
  }

  @Test
  void killedAtAnyMoment() throws IOException, InterruptedException {
    writeCheckpoint();
    long whole = export().to(folder.resolve("whole")).targetBytes();
    Random random = new Random(3);
    for (int round = 0; round < 12; round++) {
      Process process = start(List.of(), List.of("-XX:TieredStopAtLevel=1"));
      String own = ".export-" + process.pid() + "-";
      while (process.isAlive() && names(place).stream().noneMatch(name -> name.contains(own))) {
        LockSupport.parkNanos(1_000_000); // it writes nothing yet
      }
      LockSupport.parkNanos((long) (random.nextDouble() * 4e8));
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
      Path target = place.resolve("model");
      if (Files.exists(target)) {
        assertThat(names(target)).hasSize(5);
        assertThat(target.resolve("openvino_model.bin").toFile().length()).isEqualTo(whole);
        for (String name : names(target)) {
          Files.delete(target.resolve(name));
        }
        Files.delete(target);
      }
    }
    export().to(place.resolve("model"));
    assertThat(names(place)).containsExactly("model");
  }

  private Export export() {
    return Export.of(checkpoint).groupSize(-1);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private Process start(List<String> prefix, List<String> options) throws IOException {
    return start(prefix, options, place.resolve("model"));
  }

  private Process start(List<String> prefix, List<String> options, Path target) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(ExportProcess.class.getName(), checkpoint.toString(), target.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("output").toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private List<String> output() throws IOException {
    return Files.readAllLines(folder.resolve("output"));
  }
}

package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.ChildJvm;
import dev.ovchat.GoldenSafetensors;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTensorsTest {
  private static final Path GOLDEN = Path.of("../ovchat/src/test/resources/golden/safetensors");
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  private Path single() {
    return folder.resolve("model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "sharded"})
  void tensorsHaveTheBitsThatPythonWrote(String checkpoint) {
    try (var tensors = CheckpointTensors.open(GOLDEN.resolve(checkpoint))) {
      for (GoldenSafetensors.Tensor golden : GoldenSafetensors.tensors()) {
        CheckpointTensor tensor = tensors.get(golden.name());
        assertThat(tensor.type()).hasToString(golden.type());
        assertThat(tensor.shape()).isEqualTo(golden.shape());
        byte[] bytes = new byte[(int) tensor.byteCount()];
        tensors.map(tensor, 0, bytes.length).get(bytes);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(golden.bits());
      }
    }
  }

  @Test
  void aTensorOfIntegersIsThereButNotGiven() {
    Path directory = GOLDEN.resolve("single");
    try (var tensors = CheckpointTensors.open(directory)) {
      assertThat(tensors.has("model.position_ids")).isTrue();
      assertThat(tensors.names()).hasSize(1 + GoldenSafetensors.tensors().size());
      assertThatThrownBy(() -> tensors.get("model.position_ids"))
          .hasMessage(
              "The tensor model.position_ids in %s has the type I64; take a checkpoint with weights in F32, F16 or BF16.",
              directory);
      assertThatThrownBy(() -> tensors.get("lm_head.bias"))
          .isInstanceOf(UnusableFileException.class)
          .hasMessage(
              "The checkpoint %s has no tensor lm_head.bias; copy config.json and the weights from the same model.",
              directory);
    }
  }

  @Test
  void aPartIsReadOnlyLittleEndianAndOutlivesTheCheckpoint() throws IOException {
    SafetensorsFixture.write(single(), SafetensorsFixture.header("a", "BF16", "[2,4]", 0, 16), 16);
    ByteBuffer part;
    try (var tensors = CheckpointTensors.open(folder)) {
      part = tensors.map(tensors.get("a"), 2, 4);
    }
    assertThat(part.isReadOnly()).isTrue();
    assertThat(part.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(part.remaining()).isEqualTo(4);
    assertThat(part.getShort()).isEqualTo((short) 0x0302);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1",
    "0, -1",
    "0, 5",
    "4, 1",
    "5, 0",
    "9223372036854775807, 2147483647",
    "-9223372036854775808, 2147483647"
  })
  void aPartOutsideOfTheTensorIsRefused(long from, int byteCount) throws IOException {
    SafetensorsFixture.write(single(), SafetensorsFixture.ONE, 4);
    try (var tensors = CheckpointTensors.open(folder)) {
      assertThatThrownBy(() -> tensors.map(tensors.get("a"), from, byteCount))
          .isInstanceOf(UnusableFileException.class)
          .hasMessage(
              "%d bytes from byte %d on were asked of the tensor a in %s, which has 4 bytes; at most 1073741824 are given at once.",
              byteCount, from, single());
    }
  }

  @Test
  void anotherCheckpointsTensorIsRefused() throws IOException {
    SafetensorsFixture.write(single(), SafetensorsFixture.ONE, 4);
    var invented = new CheckpointTensor("a", ElementType.F32, List.of(9L), single(), 0, 36);
    try (var tensors = CheckpointTensors.open(folder)) {
      assertThatThrownBy(() -> tensors.map(invented, 0, 36))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("The tensor a is none of the checkpoint " + folder);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 0, -4", "1, -1, 4", "2, 0, 4"})
  void aPlaceThatCannotBeIsRefused(long length, long offset, long byteCount) {
    List<Long> shape = List.of(length);
    assertThatThrownBy(
            () -> new CheckpointTensor("a", ElementType.F32, shape, single(), offset, byteCount))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(single() + ": the tensor a has " + byteCount + " bytes");
  }

  @Test
  void aClosedCheckpointGivesNoParts() throws IOException {
    SafetensorsFixture.write(single(), SafetensorsFixture.ONE, 4);
    var tensors = CheckpointTensors.open(folder);
    tensors.close();
    tensors.close();
    assertThatThrownBy(() -> tensors.map(tensors.get("a"), 0, 4))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("The checkpoint %s is closed.", folder);
  }

  /** 5 GiB, of which hardly any are on the disk. */
  @Test
  void partsOfALargeTensorAreReadWhereverTheyLie() throws IOException {
    long size = 5 * GIB;
    String header =
        SafetensorsFixture.header(
            "a", "F16", String.format(Locale.ROOT, "[%d]", size / 2), 0, size);
    SafetensorsFixture.write(single(), header, 0);
    long start = Files.size(single());
    List<Long> places =
        List.of(0L, GIB - start - 2, GIB, 2 * GIB - start - 2, 2 * GIB, 4 * GIB + 6, size - 4);
    try (var channel = FileChannel.open(single(), StandardOpenOption.WRITE)) {
      for (long place : places) {
        channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, (byte) (place >> 30)}), start + place);
      }
    }
    try (var tensors = CheckpointTensors.open(folder)) {
      CheckpointTensor tensor = tensors.get("a");
      for (long place : places) {
        byte[] bytes = new byte[4];
        tensors.map(tensor, place, 4).get(bytes);
        assertThat(bytes).containsExactly(1, 2, 3, (byte) (place >> 30));
      }
      assertThat(tensors.map(tensor, GIB - start - 1, 1 << 30).get(0)).isEqualTo((byte) 2);
      assertThat(tensors.map(tensor, size - GIB, 1 << 30).get((1 << 30) - 2)).isEqualTo((byte) 3);
    }
  }

  @Test
  void aChangedFileIsNoticed() throws IOException {
    SafetensorsFixture.write(single(), SafetensorsFixture.ONE, 4);
    String changed =
        single()
            + " has changed since it was opened: it is being written; wait until it is complete, and export again.";
    try (var tensors = CheckpointTensors.open(folder)) {
      tensors.requireUnchanged();
      FileTime time = Files.getLastModifiedTime(single());
      Files.setLastModifiedTime(single(), FileTime.fromMillis(time.toMillis() + 1000));
      assertThatThrownBy(tensors::requireUnchanged)
          .isInstanceOf(UnusableFileException.class)
          .hasMessage(changed);
      Files.write(single(), new byte[1], StandardOpenOption.APPEND);
      Files.setLastModifiedTime(single(), time);
      assertThatThrownBy(tensors::requireUnchanged).hasMessage(changed);
      Files.delete(single());
      assertThatThrownBy(tensors::requireUnchanged)
          .hasMessage("Cannot read %s: it is not there.", single());
    }
  }

  @Test
  void anInterruptedThreadIsToldSo() throws IOException {
    SafetensorsFixture.write(single(), SafetensorsFixture.ONE, 4);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> CheckpointTensors.open(folder))
          .isInstanceOf(UnusableFileException.class)
          .hasMessage("Cannot read %s: the thread that reads it was interrupted.", single());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** Opens a checkpoint, cuts its file off, and reads what is gone, by element or at once. */
  static final class CutOff {
    private CutOff() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      var tensors = CheckpointTensors.open(file.getParent());
      ByteBuffer part = tensors.map(tensors.get("a"), 0, 1 << 20);
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(1000);
      }
      try {
        if (arguments[1].equals("element")) {
          part.get(1 << 19);
        } else {
          part.get(new byte[1 << 20]);
        }
        System.out.println("nothing");
      } catch (InternalError e) {
        System.out.println("InternalError");
        try {
          tensors.requireUnchanged();
        } catch (UnusableFileException reason) {
          System.out.println(reason.getMessage());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"element", "all"})
  void whatIsCutOffMeanwhileIsAnInternalError(String way) throws IOException {
    SafetensorsFixture.write(
        single(), SafetensorsFixture.header("a", "F32", "[262144]", 0, 1 << 20), 1 << 20);
    ChildJvm.Outcome outcome =
        new ChildJvm(Map.of()).run(CutOff.class, folder, List.of(single().toString(), way));
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).hasSize(2).first().isEqualTo("InternalError");
    assertThat(outcome.output().get(1)).contains("it is being written");
  }

  @Test
  void aSingleFileComesBeforeAnIndex() throws IOException {
    SafetensorsFixture.write(single(), SafetensorsFixture.ONE, 4);
    Files.writeString(folder.resolve(FileNames.SAFETENSORS_INDEX), "{", StandardCharsets.UTF_8);
    try (var tensors = CheckpointTensors.open(folder)) {
      assertThat(tensors.names()).containsExactly("a");
    }
  }

  /** As the cache of HuggingFace's hub has it. */
  @Test
  void linksAreFollowed() throws IOException {
    Path blob = SafetensorsFixture.write(folder.resolve("4f5e"), SafetensorsFixture.ONE, 4);
    Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
    Files.createSymbolicLink(snapshot.resolve("model.safetensors"), blob);
    try (var tensors = CheckpointTensors.open(snapshot)) {
      assertThat(tensors.map(tensors.get("a"), 0, 4).getInt()).isEqualTo(0x03020100);
    }
    Files.delete(blob);
    assertThatThrownBy(() -> CheckpointTensors.open(snapshot))
        .hasMessageContaining("it is a link to a file that is not there");
  }
}

package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.ovchat.Moments;
import dev.ovchat.Slow;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever stands in a safetensors file or an index: its tensors are read, or one sentence that
 * names the file says why not.
 */
@Slow
class AnyHeaderTest {
  private static final String WHOLE =
      "{\"__metadata__\":{\"format\":\"pt\"},%s,%s,%s}"
          .formatted(
              SafetensorsFixture.entry("a.weight", "F32", "[2,1]", 0, 8),
              SafetensorsFixture.entry("b", "BF16", "[3]", 8, 14),
              SafetensorsFixture.entry("c", "I8", "[]", 14, 16));

  private static final String INDEX =
      "{\"metadata\":{\"total_size\":16},\"weight_map\":{\"a.weight\":\"1\",\"b\":\"1\",\"c\":\"1\"}}";

  private static Path folder;
  private static Path sharded;

  @BeforeContainer
  static void makeFolders() throws IOException {
    folder = Files.createTempDirectory("ovchat-header");
    sharded = Files.createDirectory(folder.resolve("sharded"));
    SafetensorsFixture.write(sharded.resolve("1"), WHOLE, 16);
  }

  @AfterContainer
  static void delete() throws IOException {
    for (Path file :
        List.of(
            sharded.resolve("1"),
            sharded.resolve(FileNames.SAFETENSORS_INDEX),
            sharded,
            folder.resolve("model.safetensors"))) {
      Files.deleteIfExists(file);
    }
    Files.delete(folder);
  }

  private static Arbitrary<String> values() {
    Arbitrary<String> leaves =
        Arbitraries.oneOf(
            Arbitraries.of(
                "0",
                "-0",
                "-1",
                "1.0",
                "1e5",
                "1e400",
                "NaN",
                "true",
                "null",
                "\"\"",
                "\"F32\"",
                "\"BF16\"",
                "\"\\ud800\"",
                "'a'",
                "[0,8]",
                "[8,14]",
                "[2,1]",
                "9223372036854775808",
                "[".repeat(3000),
                "9".repeat(1500),
                ""),
            Arbitraries.longs().between(0, 20).map(String::valueOf),
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.strings().ofMaxLength(20).map(text -> "\"" + text + "\""));
    return Arbitraries.recursive(
        () -> leaves, inner -> Arbitraries.oneOf(inner, lists(inner), objects(inner)), 0, 3);
  }

  private static Arbitrary<String> lists(Arbitrary<String> elements) {
    return elements.list().ofMaxSize(4).map(list -> "[" + String.join(",", list) + "]");
  }

  private static Arbitrary<String> objects(Arbitrary<String> values) {
    Arbitrary<String> names =
        Arbitraries.of(
            "a", "b", "", "dtype", "shape", "data_offsets", "__metadata__", "weight_map");
    return Combinators.combine(names, values)
        .as((name, value) -> "\"" + name + "\":" + value)
        .list()
        .ofMaxSize(5)
        .map(fields -> "{" + String.join(",", fields) + "}");
  }

  @Provide
  Arbitrary<String> objects() {
    return objects(values());
  }

  /** Right but for a number or two. */
  @Provide
  Arbitrary<String> nearlyRight() {
    Arbitrary<Long> places =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.of(0L, 2L, 4L, 8L, 14L, 16L)),
            Tuple.of(1, Arbitraries.longs()));
    Arbitrary<String> shapes =
        Arbitraries.of(0L, 1L, 2L, 4L, 1L << 31, 1L << 62).list().ofMaxSize(4).map(List::toString);
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "é\\n"),
            Arbitraries.of("F32", "F16", "BF16", "I64", "X"),
            shapes,
            places,
            places)
        .as(SafetensorsFixture::entry)
        .list()
        .ofMaxSize(3)
        .map(entries -> entries.stream().collect(Collectors.joining(",", "{", "}")));
  }

  @Property(tries = 1000)
  void anyStructure(@ForAll("objects") String header, @ForAll @IntRange(max = 16) int weightBytes)
      throws IOException {
    checkHeader(header.getBytes(StandardCharsets.UTF_8), weightBytes);
  }

  @Property(tries = 2000)
  void nearlyRightTensors(
      @ForAll("nearlyRight") String header, @ForAll @IntRange(max = 16) int weightBytes)
      throws IOException {
    checkHeader(header.getBytes(StandardCharsets.UTF_8), weightBytes);
  }

  @Property(tries = 2000)
  void changedBytes(@ForAll @Size(max = 4) List<Byte> bytes, @ForAll @IntRange(max = 230) int place)
      throws IOException {
    checkHeader(changed(WHOLE, bytes, place), 16);
  }

  @Property(tries = 1000)
  void anyBytes(@ForAll byte[] bytes) throws IOException {
    Files.write(folder.resolve("model.safetensors"), bytes);
    check(folder);
  }

  @Property(tries = 1000)
  void anIndexOfAnyStructure(@ForAll("objects") String index) throws IOException {
    Files.writeString(sharded.resolve(FileNames.SAFETENSORS_INDEX), index);
    check(sharded);
  }

  @Property(tries = 1000)
  void anIndexWithChangedBytes(
      @ForAll @Size(max = 4) List<Byte> bytes, @ForAll @IntRange(max = 90) int place)
      throws IOException {
    Files.write(sharded.resolve(FileNames.SAFETENSORS_INDEX), changed(INDEX, bytes, place));
    check(sharded);
  }

  /** From a place on; cut off there if there are no bytes to write. */
  private static byte[] changed(String text, List<Byte> bytes, int place) {
    byte[] whole = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.size() && place + i < whole.length; i++) {
      whole[place + i] = bytes.get(i);
    }
    return bytes.isEmpty() ? Arrays.copyOf(whole, Math.min(place, whole.length)) : whole;
  }

  private static void checkHeader(byte[] header, int weightBytes) throws IOException {
    SafetensorsFixture.write(folder.resolve("model.safetensors"), header, weightBytes);
    check(folder);
  }

  private static void check(Path directory) {
    assertTimeoutPreemptively(Moments.LONG, () -> readOrRefuse(directory));
  }

  private static void readOrRefuse(Path directory) {
    try (var tensors = CheckpointTensors.open(directory)) {
      for (String name : tensors.names()) {
        CheckpointTensor tensor = tensors.get(name);
        int size = (int) tensor.byteCount();
        assertThat(tensors.map(tensor, 0, size).get(new byte[size]).hasRemaining()).isFalse();
      }
    } catch (UnusableFileException e) {
      assertThat(e).hasMessageContaining(directory.toString()).hasMessageEndingWith(".");
      assertThat(e.getMessage()).doesNotContainPattern("\\R").hasSizeLessThan(1000);
    }
  }
}

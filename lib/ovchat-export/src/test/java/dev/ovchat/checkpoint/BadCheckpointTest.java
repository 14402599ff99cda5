package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.GoldenSafetensors;
import dev.ovchat.GoldenSafetensors.HeaderCase;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints that are none, or damaged: a sentence says which file, which tensor, what to do. */
class BadCheckpointTest {
  private static final String AGAIN = "; copy the file again from where the model comes from.";

  @TempDir Path folder;

  private void refused(String message) {
    assertThatThrownBy(() -> CheckpointTensors.open(folder))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(message.replace("FOLDER", folder.toString()));
  }

  private static boolean isUsable(Path directory) {
    try (var tensors = CheckpointTensors.open(directory)) {
      tensors.names().forEach(tensors::get);
      return true;
    } catch (UnusableFileException e) {
      assertThat(e.getMessage()).contains(directory.toString()).endsWith(".");
      return false;
    }
  }

  /** Of 511 headers; a type that is no float is refused where the tensor is asked for. */
  @Test
  void whatTheOfficialLibraryTakesIsTaken() throws IOException {
    var judgedOtherwise = new TreeSet<String>();
    for (HeaderCase golden : GoldenSafetensors.headers()) {
      byte[] header = HexFormat.of().parseHex(golden.header());
      SafetensorsFixture.write(folder.resolve("model.safetensors"), header, golden.weightBytes());
      boolean isTaken =
          golden.types() != null
              && golden.types().values().stream()
                  .allMatch(type -> WeightReader.typeOf(type).isPresent());
      if (isUsable(folder) != isTaken) {
        assertThat(golden.reason()).as(new String(header, StandardCharsets.UTF_8)).isNotEmpty();
        judgedOtherwise.add(golden.reason());
      }
    }
    assertThat(judgedOtherwise)
        .containsExactly(
            "a description that is a list",
            "a length above 10^18",
            "a name of more than 10,000 characters",
            "a number out of range in what is skipped",
            "a type that is an object",
            "half a character",
            "half a character in what is skipped",
            "more than 64 axes",
            "two tensors of one name");
  }

  static Object[][] brokenHeaders() {
    return new Object[][] {
      {"[]", 0, "the header is not an object"},
      {"{\"a\":3}", 0, "the tensor a is not an object"},
      {"{\"a\":{}}", 0, "the tensor a lacks its dtype, its shape or its two data_offsets"},
      {"{\"a\":", 0, "its JSON is not valid at character 5"},
      {"{\"a\nb\":3}", 0, "its JSON is not valid at character 3"},
      {"{\"a\u2028b\":3}", 0, "the tensor a[U+2028]b is not an object"},
      {
        "{\"" + "n".repeat(300) + "\":3}", 0, "the tensor " + "n".repeat(200) + "… is not an object"
      },
      {
        SafetensorsFixture.header("a", "F32", "[1.5]", 0, 4),
        4,
        "shape of the tensor a holds something else than whole numbers from 0 to 10^18"
      },
      {
        SafetensorsFixture.header("a", "F32", "[1]", 0, -4),
        4,
        "data_offsets of the tensor a holds something else than whole numbers from 0 to 10^18"
      },
      {
        SafetensorsFixture.header("a", "F32", "[4294967296,4294967296]", 0, 4),
        4,
        "the tensor a has 4 bytes from byte 82 on, not as many as its shape [4294967296,"
            + " 4294967296] of F32 takes"
      },
      {
        SafetensorsFixture.header("a", "F32", "[2]", 2, 10),
        10,
        "the tensor a lies at 2 to 10, but has to begin at 0, where the one before ends"
      },
      {
        SafetensorsFixture.ONE,
        3,
        "its tensors have 4 bytes, but 3 bytes follow its header; it is cut off, being written, or"
            + " damaged"
      },
      {
        "{%s,%s}"
            .formatted(
                SafetensorsFixture.entry("a", "F32", "[1]", 0, 4),
                SafetensorsFixture.entry("a", "F32", "[1]", 0, 4)),
        4,
        "its header names a twice"
      },
      {"{\"__metadata__\":{\"a\":1}}", 0, "__metadata__ holds something else than texts"},
      {"{}x", 0, "its JSON is not valid at character 3"},
      {"{}[]", 0, "something stands behind the end of its JSON"},
      {
        "{\"a\":{\"x\":" + "[".repeat(200), 0, "its JSON is nested too deep, or has too long a text"
      },
    };
  }

  @ParameterizedTest
  @MethodSource("brokenHeaders")
  void aBrokenHeader(String header, int weightBytes, String problem) throws IOException {
    SafetensorsFixture.write(folder.resolve("model.safetensors"), header, weightBytes);
    refused("FOLDER/model.safetensors: " + problem + AGAIN);
  }

  @Test
  void aHeaderThatIsNoText() throws IOException {
    byte[] header = {'{', '"', (byte) 0xFF, '"', '}'};
    SafetensorsFixture.write(folder.resolve("model.safetensors"), header, 0);
    refused("FOLDER/model.safetensors: its JSON is no UTF-8" + AGAIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "504b030414000008080000 | a pickle of torch.save, which is never opened, since it can run"
            + " code",
        "80028a0a6cfc9c46f920   | a pickle of torch.save, which is never opened, since it can run"
            + " code",
        "8004951c000000000000   | a pickle of torch.save, which is never opened, since it can run"
            + " code",
        "76657273696f6e206874   | a pointer of Git LFS and not the weights; run git lfs pull"
            + " there.",
        "3c21444f435459504520   | a page of HTML and not the weights; copy the file again",
        "0a3c68746d6c3e0a2020   | a page of HTML and not the weights; copy the file again",
        "47475546030000000100   | a GGUF file; to export it, give its own path",
        "01e1f50500000000       | no safetensors file: its header would be longer than 100 MB",
        "ffffffffffffffff       | no safetensors file: its header would be longer than 100 MB",
      })
  void aFileOfAnotherKind(String bytes, String kind) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, HexFormat.of().parseHex(bytes.strip()));
    assertThatThrownBy(() -> CheckpointTensors.open(folder))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(file + " is " + kind)
        .hasMessageEndingWith(".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''               | FOLDER/model.safetensors has 0 bytes and is cut off",
        "00000000         | FOLDER/model.safetensors has 4 bytes and is cut off",
        "09000000000000007b | FOLDER/model.safetensors is cut off: it has 9 bytes, its header alone"
            + " ends at 17",
      })
  void aFileThatIsTooShort(String bytes, String problem) throws IOException {
    Files.write(folder.resolve("model.safetensors"), HexFormat.of().parseHex(bytes));
    refused(problem + AGAIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config.json              | ; name the directory that holds the checkpoint.",
        "pytorch_model.bin        | , but pytorch_model.bin, a pickle of torch.save, which is never"
            + " opened, since it can run code; take a revision of the model that has safetensors,"
            + " or load it where it can do no harm and save it with save_pretrained.",
        "consolidated.00.pth      | , but consolidated.00.pth, a pickle of torch.save, which is"
            + " never opened, since it can run code; take a revision of the model that has"
            + " safetensors, or load it where it can do no harm and save it with save_pretrained.",
        "phi3-q4.gguf             | , but phi3-q4.gguf, a GGUF file; to export it, give its"
            + " own path.",
        "openvino_model.xml       | , but openvino_model.xml: it has been exported already.",
        "model-00001-of-00002.safetensors | , but model-00001-of-00002.safetensors; download the"
            + " index too, or call a single file model.safetensors.",
      })
  void aDirectoryWithoutSafetensors(String file, String problem) throws IOException {
    Files.createFile(folder.resolve(file));
    refused("FOLDER holds no model.safetensors and no model.safetensors.index.json" + problem);
  }

  @Test
  void noDirectory() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> CheckpointTensors.open(missing))
        .hasMessage("There is no directory %s; name the one that holds the checkpoint.", missing);
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> CheckpointTensors.open(file))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("Cannot read %s: it is a file and no directory.", file);
    Files.createDirectory(folder.resolve("model.safetensors"));
    refused("Cannot read FOLDER/model.safetensors: it is no regular file.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                                   | its JSON is not valid at character 1",
        "{}                                  | it names no tensor in weight_map",
        "{\"weight_map\": {}}                | it names no tensor in weight_map",
        "{\"weight_map\": []}                | weight_map is not an object",
        "{\"weight_map\": {\"a\": 1}}        | the file of the tensor a is not a text",
        "{\"weight_map\": {\"a\": \"..\"}}   | the tensor a is said to be in .., which is no name"
            + " of a file beside it",
        "{\"weight_map\": {\"a\": \"\"}}     | the tensor a is said to be in , which is no name of"
            + " a file beside it",
        "{\"weight_map\": {\"a\": \"/x\"}}   | the tensor a is said to be in /x, which is no name"
            + " of a file beside it",
        "{\"weight_map\": {\"a\": \"../x\"}} | the tensor a is said to be in ../x, which is no name"
            + " of a file beside it",
        "{\"weight_map\": {\"a\": \"y\\\\x\"}} | the tensor a is said to be in y\\x, which is no"
            + " name of a file beside it",
        "{\"weight_map\": {\"a\": \"x\\u0000\"}} | the tensor a is said to be in x␀, which is no"
            + " name of a file beside it",
        "{\"weight_map\": {\"a\": \"x\\ud800\"}} | the tensor a is said to be in x[U+D800], which is no"
            + " name of a file beside it",
        "{\"weight_map\": {\"a\": \"x\"}, \"weight_map\": {}} | it names no tensor in weight_map",
      })
  void aBrokenIndex(String index, String problem) throws IOException {
    Files.writeString(folder.resolve(FileNames.SAFETENSORS_INDEX), index);
    refused("FOLDER/" + FileNames.SAFETENSORS_INDEX + ": " + problem + AGAIN);
  }

  private void writeShards(String index) throws IOException {
    Files.writeString(
        folder.resolve(FileNames.SAFETENSORS_INDEX), "{\"weight_map\": {%s}}".formatted(index));
    SafetensorsFixture.write(folder.resolve("1"), SafetensorsFixture.ONE, 4);
  }

  @Test
  void aMissingShard() throws IOException {
    writeShards("\"a\": \"1\", \"b\": \"2\", \"c\": \"2\"");
    refused(
        "FOLDER/2 is missing, in which FOLDER/model.safetensors.index.json says that b is; download"
            + " it too.");
  }

  @Test
  void aShardWithoutATensor() throws IOException {
    writeShards("\"a\": \"1\", \"b\": \"1\"");
    try (var tensors = CheckpointTensors.open(folder)) {
      assertThatThrownBy(() -> tensors.get("b"))
          .isInstanceOf(UnusableFileException.class)
          .hasMessage(
              "%s/1 lacks the tensor b, which the index says is in it%s".formatted(folder, AGAIN));
    }
  }

  /** transformers reads the shards in the order of their names, and takes what it reads last. */
  @Test
  void ofATensorInTwoShardsTheLastCounts() throws IOException {
    writeShards("\"a\": \"1\", \"b\": \"2\"");
    SafetensorsFixture.write(
        folder.resolve("2"),
        "{%s,%s}"
            .formatted(
                SafetensorsFixture.entry("a", "F32", "[1]", 0, 4),
                SafetensorsFixture.entry("b", "I8", "[2]", 4, 6)),
        6);
    try (var tensors = CheckpointTensors.open(folder)) {
      assertThat(tensors.get("a").file()).isEqualTo(folder.resolve("2"));
    }
  }

  /** Each version of transformers has its own name; of two, none is known to be the right one. */
  @ParameterizedTest
  @CsvSource({
    "lm_head.weight, language_model.lm_head.weight",
    "language_model.model.norm.weight, model.language_model.norm.weight",
    "model.norm.weight, language_model.model.norm.weight"
  })
  void aTensorOfTheTextModelUnderTwoNames(String one, String other) throws IOException {
    Files.writeString(
        folder.resolve(FileNames.SAFETENSORS_INDEX),
        "{\"weight_map\": {\"%s\": \"1\", \"%s\": \"2\"}}".formatted(one, other));
    SafetensorsFixture.write(
        folder.resolve("1"), SafetensorsFixture.header(one, "F32", "[1]", 0, 4), 4);
    SafetensorsFixture.write(
        folder.resolve("2"), SafetensorsFixture.header(other, "F32", "[1]", 0, 4), 4);
    assertThatThrownBy(() -> CheckpointTensors.openText(folder))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            "%s has the tensor %s beside %s, and the text model has one of them alone; take a checkpoint that one version of transformers wrote.",
            folder.resolve("2"), other, one);
    CheckpointTensors.open(folder).close();
  }

  /** transformers reads all that the named shards hold, and no other file. */
  @Test
  void onlyTheNamedShardsAreOpened() throws IOException {
    writeShards("\"b\": \"2\"");
    SafetensorsFixture.write(
        folder.resolve("2"),
        "{%s,%s}"
            .formatted(
                SafetensorsFixture.entry("b", "F16", "[1]", 0, 2),
                SafetensorsFixture.entry("c", "I8", "[2]", 2, 4)),
        4);
    try (var tensors = CheckpointTensors.open(folder)) {
      assertThat(tensors.names()).containsExactly("b", "c");
    }
  }
}

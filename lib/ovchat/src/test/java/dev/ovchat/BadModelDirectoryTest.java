package dev.ovchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user sees of a model directory that is not right: one sentence on the file and the reason,
 * and nothing that the native libraries print. One JVM loads them all.
 */
@Slow
class BadModelDirectoryTest {
  private static final String XML = "openvino_model.xml";
  private static final String BIN = "openvino_model.bin";
  private static final String CONFIG = "config.json";
  private static final String TOKENIZER = "tokenizer.json";

  private static final String REMEDY =
      " Export the model: ./scripts/export --model MODEL_ID_OR_DIRECTORY '@'";
  private static final String AGAIN =
      " Export the model again: ./scripts/export --model MODEL_ID_OR_DIRECTORY '@'";
  private static final String COPY = " Copy it again from where the model comes from.";
  private static final String LOADED = "loaded";

  @TempDir static Path folder;
  private static ChildJvm.Outcome outcome;

  /** Does something to a directory that holds a copy of the demo model. */
  @FunctionalInterface
  private interface Damage {
    void to(Path directory) throws IOException;
  }

  /**
   * One row of the table.
   *
   * @param tokenizer what loading the tokenizer has to say, as a regular expression; @ stands for
   *     the directory
   * @param model the same for the model
   */
  private record Bad(String name, Damage damage, String tokenizer, String model) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Bad> ROWS =
      List.of(
          both("missing", d -> delete(d), "There is no model directory @." + REMEDY),
          both("empty", d -> emptied(d), "The model directory @ is empty." + REMEDY),
          both(
              "a file",
              d -> Files.createFile(deleted(d)),
              "Cannot read the model directory @: it is a file and no directory." + REMEDY),
          both(
              "unreadable",
              d -> forbid(d),
              "Cannot read the model directory @: you have no permission to read it." + REMEDY),
          both(
              "in a folder without permission/model",
              d -> forbid(d.getParent()),
              "Cannot read @: you have no permission to read it."),
          both(
              "link loop",
              d -> Files.createSymbolicLink(deleted(d), d),
              "Cannot read the model directory @: a link leads back to itself." + REMEDY),
          both(
              "lacks two files",
              d -> {
                Files.delete(d.resolve(BIN));
                Files.delete(d.resolve(CONFIG));
              },
              "The model directory @ lacks openvino_model.bin, config.json." + REMEDY),
          both(
              "never exported",
              d -> {
                Files.delete(d.resolve(XML));
                Files.move(d.resolve(BIN), d.resolve("model.safetensors"));
              },
              "The model in @ (model.safetensors) has not been exported to OpenVINO. "
                  + "Export it: ./scripts/export --model '@' '@/int4'"),
          both(
              "unreadable file",
              d -> forbid(d.resolve(XML)),
              "Cannot read @/openvino_model.xml: you have no permission to read it."),
          both(
              "link loop for a file",
              d -> link(d.resolve(BIN), BIN),
              "Cannot read @/openvino_model.bin: a link leads back to itself."),
          both(
              "link to nowhere",
              d -> link(d.resolve(BIN), "nowhere"),
              "Cannot read @/openvino_model.bin: it is a link to a file that is not there."),
          both(
              "a pipe",
              d -> pipe(d.resolve(BIN)),
              "Cannot read @/openvino_model.bin: it is no regular file."),
          both(
              "generation config a link to nowhere",
              d -> link(d.resolve("generation_config.json"), "nowhere"),
              "Cannot read @/generation_config.json: it is a link to a file that is not there."),
          both(
              "vocabulary below 1",
              d -> replace(d.resolve(CONFIG), "\"vocab_size\": ", "\"vocab_size\": -"),
              "@/config.json: vocab_size is not a number of 1 or more but -…."),
          both(
              "config cut off",
              d -> truncate(d.resolve(CONFIG), 50),
              "@/config.json is cut off at line …, column …." + COPY),
          model(
              "weights cut off",
              d -> truncate(d.resolve(BIN), 1000),
              "@/openvino_model.bin holds 1,000 bytes, but the graph in openvino_model.xml needs …:"
                  + " it is cut off, or of another model."
                  + AGAIN),
          model(
              "weights empty",
              d -> truncate(d.resolve(BIN), 0),
              "@/openvino_model.bin holds 0 bytes, but …" + AGAIN),
          model(
              "weights of another model",
              d -> truncate(d.resolve(BIN), 50_000_000),
              "@/openvino_model.bin holds 50,000,000 bytes, but the graph in openvino_model.xml"
                  + " needs …: it is of another model."
                  + AGAIN),
          model(
              "graph empty",
              d -> truncate(d.resolve(XML), 0),
              "@/openvino_model.xml is no OpenVINO model: it does not begin with <net." + AGAIN),
          model(
              "graph is text",
              d -> Files.writeString(d.resolve(XML), "Hello!\n"),
              "@/openvino_model.xml is no OpenVINO model: it does not begin with <net." + AGAIN),
          model(
              "graph is binary",
              d -> Files.copy(d.resolve(BIN), d.resolve(XML), StandardCopyOption.REPLACE_EXISTING),
              "@/openvino_model.xml is no OpenVINO model: it does not begin with <net." + AGAIN),
          model(
              "graph cut off",
              d -> truncate(d.resolve(XML), 100_000),
              "@/openvino_model.xml is cut off: it does not end with </net>." + AGAIN),
          model(
              "graph not well-formed",
              d -> replace(d.resolve(XML), "</layers>", "</layer>"),
              "Cannot compile @/openvino_model.xml for CPU: …"),
          model(
              "unknown operation",
              d -> replace(d.resolve(XML), "type=\"MatMul\"", "type=\"MatMuul\""),
              "Cannot compile @/openvino_model.xml for CPU: …MatMuul…"),
          model(
              "graph nested too deep",
              d -> replace(d.resolve(XML), "</layers>", nested(100_000) + "</layers>"),
              "@/openvino_model.xml nests more than 100 elements, which no language model does."
                  + AGAIN),
          ofAnother("vocab_size", "1984", "1983", "logits for 1984 tokens"),
          ofAnother("num_hidden_layers", "4", "32", "caches for 4 layers"),
          ofAnother("num_key_value_heads", "4", "2", "caches for 4 heads of keys and values"),
          ofAnother("hidden_size", "256", "3072", "caches for heads of the size 64"),
          both(
              "tokenizer cut off",
              d -> truncate(d.resolve(TOKENIZER), 20_000),
              "@/tokenizer.json is cut off at line …, column …." + COPY),
          both(
              "tokenizer empty",
              d -> truncate(d.resolve(TOKENIZER), 0),
              "@/tokenizer.json is empty." + COPY),
          both(
              "tokenizer is binary",
              d -> Files.write(d.resolve(TOKENIZER), new byte[] {'{', '"', (byte) 0xFF, '"', '}'}),
              "@/tokenizer.json is no text in UTF-8." + COPY),
          both(
              "tokenizer of a larger model",
              d ->
                  Files.copy(
                      new ByteArrayInputStream(Golden.largeTokenizer()),
                      d.resolve(TOKENIZER),
                      StandardCopyOption.REPLACE_EXISTING),
              "@/tokenizer.json is of another model than the config.json beside it: it has …"),
          both(
              "tokenizer of a smaller model",
              d -> {
                replace(d.resolve(CONFIG), "\"vocab_size\": ", "\"vocab_size\": 3");
                Files.writeString(
                    d.resolve("generation_config.json"), "{\"eos_token_id\": [32000, 32007]}");
              },
              "@/tokenizer.json is of another model than the config.json beside it: the model's end"
                  + " tokens [32000, 32007] are not among its …"));

  static List<Bad> rows() {
    return ROWS;
  }

  private static Bad both(String name, Damage damage, String message) {
    return new Bad(name, damage, message, message);
  }

  private static Bad model(String name, Damage damage, String message) {
    return new Bad(name, damage, LOADED, message);
  }

  /** A graph beside the config.json of a model that differs in one field. */
  private static Bad ofAnother(String field, String old, String now, String graph) {
    return new Bad(
        "another " + field,
        d -> replace(d.resolve(CONFIG), field + "\": " + old, field + "\": " + now),
        LOADED,
        "@/openvino_model.xml is of another model than the config.json beside it: it has "
            + graph
            + ", by config.json …. Copy config.json and the tokenizer's files of the model that was"
            + " exported, or export the model again: ./scripts/export --model"
            + " MODEL_ID_OR_DIRECTORY '@'");
  }

  private static String nested(int depth) {
    return "<layer><body>".repeat(depth) + "</body></layer>".repeat(depth);
  }

  @BeforeAll
  static void loadAll() throws IOException {
    for (Bad row : ROWS) {
      row.damage.to(DemoModel.copyTo(directory(row)));
    }
    List<String> directories = ROWS.stream().map(row -> directory(row).toString()).toList();
    outcome =
        new ChildJvm(Map.of())
            .withPermissionsInForce()
            .run(LoadDirectories.class, folder, directories);
  }

  private static Path directory(Bad row) {
    return folder.resolve(row.name);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void saysWhichFileAndWhy(Bad row) {
    int line = 2 * ROWS.indexOf(row);
    assertMessage(outcome.output().get(line), row.tokenizer, row);
    assertMessage(outcome.output().get(line + 1), row.model, row);
  }

  /** "…" stands for anything. */
  private static void assertMessage(String shown, String expected, Bad row) {
    String[] parts = expected.replace("@", directory(row).toString()).split("…", -1);
    assertThat(shown).startsWith(parts[0]).endsWith(parts[parts.length - 1]);
    assertThat(shown).containsSubsequence(parts);
  }

  @Test
  void nothingElseIsPrinted() {
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).hasSize(2 * ROWS.size());
    assertThat(outcome.exitCode()).isZero();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static Path deleted(Path directory) throws IOException {
    delete(directory);
    return directory;
  }

  private static void emptied(Path directory) throws IOException {
    delete(directory);
    Files.createDirectory(directory);
  }

  private static void forbid(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
  }

  private static void link(Path file, String target) throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of(target));
  }

  private static void pipe(Path file) throws IOException {
    Files.delete(file);
    try {
      assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  /** Cuts a file off, or makes it longer. */
  private static void truncate(Path file, long size) throws IOException {
    try (var opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(size);
    }
  }

  private static void replace(Path file, String old, String now) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, now));
  }
}

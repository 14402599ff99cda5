package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("config.json");
  }

  @Test
  void whatIsSavedComesBack() throws IOException {
    Map<String, String> config =
        Map.of("PERFORMANCE_HINT", "LATENCY", "CACHE_DIR", "", "x", "\"\\é漢\u0001");
    ConfigFile.save(file, Map.of("OLD", "1"));
    ConfigFile.save(file, config);
    assertThat(ConfigFile.load(file)).isEqualTo(config);
    assertThat(Files.readString(file)).startsWith("{\n  \"CACHE_DIR\" : \"\",\n");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aLinkStaysAndOthersMayReadWhatItLeadsTo() throws IOException {
    Path target = folder.resolve("target.json");
    Path usual = Files.createFile(folder.resolve("usual"));
    ConfigFile.save(target, Map.of("OLD", "1"));
    Files.createSymbolicLink(file, target);
    ConfigFile.save(file, Map.of("NEW", "1"));
    assertThat(file).isSymbolicLink();
    assertThat(ConfigFile.load(target)).containsOnlyKeys("NEW");
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void whatIsNoFileIsNotReplacedByOne() throws IOException, InterruptedException {
    new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
    assertThatThrownBy(() -> ConfigFile.save(file, Map.of()))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("Cannot write " + file + ": it is no regular file. Name another one.");
    assertThat(Files.isRegularFile(file)).isFalse();
  }

  @Test
  void whatCannotBeWrittenIsNamed() throws IOException {
    assertThatThrownBy(() -> ConfigFile.save(folder.resolve("none/x.json"), Map.of()))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("there is no folder " + folder.resolve("none"));
    Files.createDirectories(file.resolve("inside"));
    assertThatThrownBy(() -> ConfigFile.save(file, Map.of()))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("Cannot write " + file + ": ");
    Map<String, String> unset = new HashMap<>();
    unset.put("KEY", null);
    assertThatThrownBy(() -> ConfigFile.save(folder.resolve("x.json"), unset))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("The config has KEY=null; keys and values are texts.");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void theLastOfTwoValuesCounts() throws IOException {
    Files.writeString(file, "{\"A\": \"1\", \"B\": \"1\", \"A\": \"2\"}");
    assertThat(ConfigFile.load(file)).isEqualTo(Map.of("A", "2", "B", "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"NUM_STREAMS\": 1}|NUM_STREAMS is not a text in quotes, such as \"1\", but 1.",
        "{\"A\": null}|A is not a text in quotes, such as \"1\", but null.",
        "{\"A\": {\"B\": \"1\"}}|A is not a text in quotes",
        "[\"A\"]|holds no JSON object. Save the config again: ConfigFile.save(path, config).",
        "``|is empty. Save the config again",
        "{\"A\": \"1\"|is cut off at line 1",
        "{A: 1}|is not valid JSON at line 1, column 2.",
      })
  void anythingButTextsIsRefused(String text, String problem) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(() -> ConfigFile.load(file))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(problem);
  }

  @Test
  void aFileThatNeedNotBeThere() {
    assertThat(ConfigFile.loadIfThere(file)).isEmpty();
    ConfigFile.save(file, Map.of("NUM_STREAMS", "1"));
    assertThat(ConfigFile.loadIfThere(file)).containsExactly(Map.entry("NUM_STREAMS", "1"));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigFile.load(file))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("Cannot read " + file + ": it is not there.");
  }
}

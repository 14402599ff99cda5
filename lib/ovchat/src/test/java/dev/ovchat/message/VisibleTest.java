package dev.ovchat.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.modeldir.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing out of a file acts on the terminal that shows it. */
class VisibleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "plain 重み 😀|plain 重み 😀",
        "a\u001b[31mb|a␛[31mb",
        "a\u009b31mb|a[U+009B]31mb",
        "\u0007\u0008|␇␈",
        "a\u007fb|a␡b",
        "a\u202eb|a[U+202E]b",
        "\u2028|[U+2028]",
        "\ud83d|[U+D83D]",
        "a\u200db|a\u200db",
      })
  void signs(String text, String visible) {
    assertThat(Visible.text(text)).isEqualTo(visible);
    assertThat(Visible.onOneLine(text)).isEqualTo(visible);
  }

  @Test
  void linesAreKeptOrNot() {
    assertThat(Visible.text("a\n\tb\rc")).isEqualTo("a\n\tb␍c");
    assertThat(Visible.onOneLine("a\n\tb\rc")).isEqualTo("a␊␉b␍c");
    assertThat(Visible.text(null)).isNull();
  }

  @Test
  void pathsAndKeysInMessages(@TempDir Path folder) throws IOException {
    Path bad = Files.createDirectory(folder.resolve("\u001b]0;gotcha\u0007"));
    assertThatThrownBy(() -> ModelDirectory.open(bad))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("␛]0;gotcha␇")
        .hasMessageNotContaining("\u001b");
    Path config = folder.resolve("config.json");
    Files.writeString(config, "{\"\\u001b[2J\": 1}");
    assertThatThrownBy(() -> JsonFile.read(config).texts())
        .hasMessageContaining("␛[2J is not a text")
        .hasMessageNotContaining("\u001b");
  }

  @Test
  void whatRecordsSayOfThemselves() {
    var config = new ModelConfig("a\u001b[31m\nb", 1, 1, 1, 1, 1, Optional.empty(), List.of());
    assertThat(config.toString()).contains("modelType=a␛[31m␊b,");
    assertThat(GenerationConfig.defaults().stopStrings(List.of("\u001b[31m", "\n")))
        .hasToString("GenerationConfig[stopStrings=[␛[31m, ␊]]");
  }
}

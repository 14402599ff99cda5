package dev.ovchat.tokenizerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would end the process inside the native tokenizer, and is refused before. */
class TokenizerFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // No text, no Base64, no size, a size beyond the end, a table in odd bytes, no UTF-8.
        "{`normalizer`: {`type`: `Precompiled`, `precompiled_charsmap`: 1}}|precompiled_charsmap",
        "{`normalizer`: {`type`: `Precompiled`, `precompiled_charsmap`: `*`}}|precompiled_charsmap",
        "{`normalizer`: {`type`: `Precompiled`, `precompiled_charsmap`: ``}}|precompiled_charsmap",
        "{`normalizer`: {`precompiled_charsmap`: `/////w==`}}|precompiled_charsmap",
        "{`normalizer`: {`precompiled_charsmap`: `AQAAAAA=`}}|precompiled_charsmap",
        "{`normalizer`: {`precompiled_charsmap`: `AAAAAP8=`}}|precompiled_charsmap",
        // A table without units, and one whose only unit leads out of it.
        "{`normalizer`: {`precompiled_charsmap`: `AAAAAA==`}}|precompiled_charsmap",
        "{`normalizer`: {`precompiled_charsmap`: `BAAAAAAAAABhAA==`}}|precompiled_charsmap",
        "{`pre_tokenizer`: {`type`: `FixedLength`, `length`: 0}}|pieces of no length",
        "{`post_processor`: {`special_tokens`: {`x`: {`ids`: [4294967295], `tokens`: [`x`]}}}}|the id 4294967295",
        "{`decoder`: {`type`: `Sequence`, `decoders`: [{`type`: `Strip`, `stop`: 3}]}}|strips characters",
        "{`decoder`: {`content`: ` `, `start`: 0, `stop`: 18446744073709551615}}|strips characters",
        "{`post_processor`: {`special_tokens`: {`<s>`: {`ids`: [1, 2], `tokens`: [`<s>`]}}}}|as many ids as tokens",
        "{`model`: {`vocab`: {`a`: 0}, `continuing_subword_prefix`: `##`, `merges`: [[`a`, `b`]]}}|lacks the prefix ##",
        "{`model`: {`vocab`: {`a`: 0}, `continuing_subword_prefix`: `##`, `merges`: [`a b`]}}|lacks the prefix ##",
        "{`decoder`: {`stop`: 0, `stop`: 3}}|strips characters",
        "{} {}|is not valid JSON at line 1, column ",
      })
  void refusesWhatTheLibraryWouldNotSurvive(String json, String reason) throws IOException {
    Path file = write(json);
    assertThatThrownBy(() -> TokenizerFile.read(folder))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void letsSoundPartsPass() throws IOException {
    String json =
        """
        {"model": {"vocab": {"a": 0, "##b": 1}, "continuing_subword_prefix": "##", "merges": ["a ##b"]},
         "normalizer": {"type": "Precompiled", "precompiled_charsmap": "%s"},
         "post_processor": {"special_tokens": {"<s>": {"ids": [1], "tokens": ["<s>"]}}},
         "decoder": {"type": "Strip", "content": " ", "start": 1, "stop": 0}}
        """;
    json = json.formatted(emptyTrie());
    write(json);
    assertThat(TokenizerFile.read(folder).vocabulary().size()).isEqualTo(2);
  }

  @Test
  void belongsToAModel() throws IOException {
    write("{`model`: {`vocab`: {`a`: 0, `b`: 1, `c`: 2}}}");
    TokenizerFile file = TokenizerFile.read(folder);
    file.requireModel(3, List.of());
    file.requireModel(64, List.of(9, 2));
    assertThatThrownBy(() -> file.requireModel(2, List.of()))
        .hasMessageContaining("is of another model")
        .hasMessageContaining("it has 3 tokens, the model 2");
    assertThatThrownBy(() -> file.requireModel(64, List.of(3, 9)))
        .hasMessageContaining("the model's end tokens [3, 9] are not among its 3 tokens");
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() throws IOException {
    try (var file = new RandomAccessFile(folder.resolve("tokenizer.json").toFile(), "rw")) {
      file.setLength(240_000_000);
    }
    assertThatThrownBy(() -> TokenizerFile.read(folder))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("has 240,000,000 bytes")
        .hasMessageContaining("at most 100,000,000");
  }

  @Test
  void anInterruptEndsTheReading() throws IOException {
    write("{}");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> TokenizerFile.read(folder))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("the thread that reads it was interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** 1,024 bytes of units that lead nowhere, and a text. */
  private static String emptyTrie() {
    byte[] map = new byte[4 + 1024 + 2];
    map[1] = 4; // the size, the lowest byte first
    map[4 + 1024] = 'a';
    return Base64.getEncoder().encodeToString(map);
  }

  /** Backticks stand for quotes. A vocabulary is added where there is none. */
  private Path write(String json) throws IOException {
    String text = json.replace('`', '"');
    if (!text.contains("vocab")) {
      text = text.replaceFirst("\\{", "{\"model\": {\"vocab\": {\"a\": 0}}, ").replace(", }", "}");
    }
    return Files.writeString(folder.resolve("tokenizer.json"), text);
  }
}

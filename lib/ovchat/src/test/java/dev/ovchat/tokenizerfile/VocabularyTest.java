package dev.ovchat.tokenizerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
  @TempDir Path folder;

  @Test
  void readsTokensAndAddedTokens() throws IOException {
    Vocabulary vocabulary =
        read(
            """
            {"model": {"vocab": {"<unk>": 0, "▁a": 1, "b": 5}},
             "added_tokens": [{"id": 0, "content": "<unk>"}, {"id": 9, "content": "<|end|>"}]}
            """);
    assertThat(vocabulary.size()).isEqualTo(6);
    assertThat(vocabulary.token(1)).isEqualTo("▁a");
    // By the library's rule: the next id, whatever the file says.
    assertThat(vocabulary.token(3)).isEqualTo("<|end|>");
    assertThat(vocabulary.token(4)).isEmpty();
    assertThat(vocabulary.token(5)).isEqualTo("b");
    assertThatThrownBy(() -> vocabulary.token(6)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void readsAUnigramListToo() throws IOException {
    assertThat(read("{\"model\": {\"vocab\": [[\"<unk>\", 0.0], [\"a\", -1.5]]}}").token(1))
        .isEqualTo("a");
  }

  @Test
  void refusesWhatIsNoTokenizer() {
    assertThatThrownBy(() -> read("{}"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("holds no vocabulary");
    assertThatThrownBy(() -> read("{\"model\": {\"vocab\": {\"a\": -1}}}"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("the id -1; allowed are 0 to");
  }

  private Vocabulary read(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json);
    return TokenizerFile.read(folder).vocabulary();
  }
}

package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.modeldir.ModelDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever stands in a generation_config.json: it is read, or one of our sentences says why not.
 */
@Slow
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzedGenerationConfigTest {
  private static final List<String> FIELDS =
      List.of(
          "max_new_tokens",
          "min_new_tokens",
          "max_length",
          "do_sample",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "seed",
          "repetition_penalty",
          "presence_penalty",
          "frequency_penalty",
          "no_repeat_ngram_size",
          "bad_words_ids",
          "num_beams",
          "length_penalty",
          "early_stopping",
          "num_return_sequences",
          "eos_token_id",
          "pad_token_id",
          "stop_strings",
          "something_else");

  private static final List<String> VALUES =
      List.of(
          "0",
          "1",
          "-1",
          "50",
          "0.5",
          "1.0",
          "-0.0",
          "1e-400",
          "1e400",
          "-1e999999999",
          "NaN",
          "2147483647",
          "2147483648",
          "9223372036854775808",
          "9".repeat(900),
          "9".repeat(2000),
          "null",
          "true",
          "false",
          "\"\"",
          "\"never\"",
          "\"NaN\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "[]",
          "[[]]",
          "[[1]]",
          "[1, 2]",
          "[[1, [2]]]",
          "[null]",
          "[[null]]",
          "[[1.5]]",
          "[\"a\"]",
          "[\"\"]",
          "{}",
          "{\"a\": {}}",
          "[".repeat(5000) + "]".repeat(5000),
          "]",
          "\"",
          "01",
          "'a'");

  private final Random random = new Random(20);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void complete() throws IOException {
    file = folder.resolve("generation_config.json");
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"vocab_size": 9, "hidden_size": 1, "num_hidden_layers": 1, "num_attention_heads": 1,
         "max_position_embeddings": 9, "eos_token_id": 1}
        """);
  }

  @Test
  void eachFieldWithEachValue() throws IOException {
    int refused = 0;
    for (String field : FIELDS) {
      for (String value : VALUES) {
        refused += isRefused("{\"%s\": %s}".formatted(field, value)) ? 1 : 0;
      }
    }
    assertThat(refused).isBetween(400, FIELDS.size() * VALUES.size() - 100);
  }

  @Test
  void severalFieldsAndBrokenBytes() throws IOException {
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      String json =
          IntStream.range(0, random.nextInt(6))
              .mapToObj(field -> "\"%s\": %s".formatted(any(FIELDS), any(VALUES.subList(0, 37))))
              .collect(Collectors.joining(", ", "{", "}"));
      refused += isRefused(json) ? 1 : 0;
      refused += isRefused(damaged(json)) ? 1 : 0;
    }
    assertThat(refused).isBetween(2000, 3999);
  }

  private boolean isRefused(String json) throws IOException {
    return isRefused(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Anything but our own sentences fails the test, as does one that does not name the file. */
  private boolean isRefused(byte[] content) throws IOException {
    Files.write(file, content);
    try {
      GenerationConfig config = GenerationConfig.of(new ModelDirectory(folder));
      assertThat(config.eosTokenIds()).isPresent();
      return false;
    } catch (UnusableFileException | GenerationException e) {
      assertThat(e).hasMessageContaining(file.toString()).hasMessageEndingWith(".");
      assertThat(e.getMessage().length()).isLessThan(3000);
      return true;
    }
  }

  private byte[] damaged(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Process mkfifo = new ProcessBuilder("mkfifo", file.toString()).start();
    assertThat(mkfifo.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThatThrownBy(() -> GenerationConfig.of(new ModelDirectory(folder)))
        .hasMessage("Cannot read " + file + ": it is no regular file.");
  }

  @Test
  void aDirectoryOrAnEndlessLinkIsNoFile() throws IOException {
    Files.createDirectory(file);
    assertThatThrownBy(() -> GenerationConfig.of(new ModelDirectory(folder)))
        .hasMessage("Cannot read " + file + ": it is no regular file.");
    Files.delete(file);
    Files.createSymbolicLink(file, file);
    assertThatThrownBy(() -> GenerationConfig.of(new ModelDirectory(folder)))
        .hasMessage("Cannot read " + file + ": a link leads back to itself.");
  }

  @Test
  void aHugeFileIsNotRead() throws IOException {
    Files.writeString(file, "{\"top_k\": 1" + " ".repeat(10_000_000) + "}");
    assertThatThrownBy(() -> GenerationConfig.of(new ModelDirectory(folder)))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            file
                + " has 10,000,012 bytes; a file of this name has at most 10,000,000; copy the file"
                + " again from where the model comes from.");
  }
}

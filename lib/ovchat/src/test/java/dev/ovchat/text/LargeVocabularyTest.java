package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.ChildJvm;
import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vocabulary of 200,000 pieces with its merges, 17 MB of JSON: what it takes, and what stays. */
@Slow
class LargeVocabularyTest {
  private static final String TOKENIZER =
      """
      {
        "model": {
          "type": "BPE",
          "vocab": {%s
          },
          "merges": [%s
          ]
        }
      }
      """;

  /** Of which 8 are for where a piece is and how long. */
  private static final int MOST_BYTES_PER_PIECE = 32;

  @TempDir Path folder;

  private final List<String> pieces = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  @Test
  void loadsInASmallHeapAndKeepsItsPiecesAlone() throws IOException {
    Path large = write("large", 59);
    var outcome =
        new ChildJvm(Map.of("JDK_JAVA_OPTIONS", "-Xmx64m -XX:+UseSerialGC"))
            .run(
                LargeVocabularyLoad.class,
                folder,
                List.of(large.toString(), write("small", 3).toString()));
    assertThat(outcome.output()).hasSize(2);
    assertThat(outcome.output().get(0)).isEqualTo("3601");
    assertThat(Long.parseLong(outcome.output().get(1)))
        .isBetween(1_000_000L, 208_919L * MOST_BYTES_PER_PIECE);
  }

  /** Writes a tokenizer of all pieces of one to three letters, half of them Cyrillic. */
  private Path write(String name, int letterCount) throws IOException {
    pieces.clear();
    merges.clear();
    List<String> letters = new ArrayList<>();
    for (int i = 0; i < letterCount; i++) {
      letters.add(Character.toString(i < 26 ? 'a' + i : 'а' + i - 26));
    }
    pieces.addAll(letters);
    for (int length = 2; length <= 3; length++) {
      for (String start : List.copyOf(pieces)) {
        if (start.length() == length - 1) {
          letters.forEach(letter -> merge(start, letter));
        }
      }
    }
    Path directory = Files.createDirectory(folder.resolve(name));
    Files.writeString(
        directory.resolve("tokenizer.json"),
        TOKENIZER.formatted(vocab(), String.join(",", merges)));
    Files.writeString(
        directory.resolve("config.json"),
        String.format(
            Locale.ROOT,
            """
            {"model_type": "llama", "vocab_size": %d, "hidden_size": 16, "intermediate_size": 24,
             "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
             "max_position_embeddings": 64}
            """,
            pieces.size()));
    for (String file : List.of("openvino_model.xml", "openvino_model.bin")) {
      Files.createFile(directory.resolve(file));
    }
    return directory;
  }

  private void merge(String start, String letter) {
    pieces.add(start + letter);
    merges.add(
        """

              [
                "%s",
                "%s"
              ]\
        """
            .formatted(start, letter));
  }

  private String vocab() {
    StringBuilder vocab = new StringBuilder();
    for (int id = 0; id < pieces.size(); id++) {
      vocab.append(id == 0 ? "" : ",").append("\n      \"").append(pieces.get(id));
      vocab.append("\": ").append(id);
    }
    return vocab.toString();
  }
}

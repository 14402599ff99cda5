package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.ChildJvm;
import dev.ovchat.DemoModel;
import dev.ovchat.modeldir.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest extends DemoTokenizerTest {
  @Test
  void aMarkIsOneTokenWithTheNewlineBehindIt() {
    TokenIds bare = tokenizer.encode("<|user|>hello<|end|><|assistant|>", PLAIN);
    TokenIds templated = tokenizer.encode("<|user|>\nhello<|end|>\n<|assistant|>\n", PLAIN);
    assertThat(bare).isEqualTo(templated);
    assertThat(tokenizer.token(bare.get(0))).isEqualTo("<|user|>");
    assertThat(bare.attentionMask()).containsOnly(1).hasSize(bare.size());
  }

  @Test
  void truncatesNothingAndPadsNothing() {
    String text = "token ".repeat(5000).strip();
    List<TokenIds> both = tokenizer.batchEncode(List.of(text, "a"), PLAIN);
    assertThat(both.get(0).size()).isGreaterThanOrEqualTo(5000);
    assertThat(both.get(1)).isEqualTo(tokenizer.encode("a", PLAIN));
    assertThat(tokenizer.decode(both.get(0), SKIP)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "  two  spaces ", "if (a) {\n    b();\n}", "naïve 🙂 日本", "\t\r\n"})
  void textComesBackToTheLetter(String text) {
    TokenIds ids = tokenizer.encode(text, PLAIN);
    assertThat(tokenizer.batchDecode(List.of(ids, ids), SKIP)).containsExactly(text, text);
  }

  @Test
  void specialTokensAreKeptOrSkipped() {
    TokenIds ids = tokenizer.encode("<|user|>hello<|end|>", PLAIN);
    assertThat(tokenizer.decode(ids, KEEP)).contains("<|user|>", "<|end|>");
    assertThat(tokenizer.decode(ids, SKIP)).isEqualTo("hello");
  }

  @Test
  void specialTokensAreAddedWhereTheTokenizerAsksForThem(@TempDir Path temporary)
      throws IOException {
    Path folder = DemoModel.copyTo(temporary.resolve("model"));
    // The demo's own post-processor adds nothing, as Phi-3's; Llama's puts <s> in front.
    String json = Files.readString(DemoModel.DIRECTORY.resolve("tokenizer.json"));
    int from = json.indexOf("\"post_processor\"");
    int to = json.indexOf("\"decoder\"");
    String startToken =
        """
        "post_processor": {"type": "TemplateProcessing",
          "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
          "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
          "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        """;
    Files.writeString(
        folder.resolve("tokenizer.json"),
        json.substring(0, from) + startToken + json.substring(to));
    try (Tokenizer other = Tokenizer.load(folder)) {
      TokenIds plain = other.encode("hello", PLAIN);
      assertThat(plain).isEqualTo(tokenizer.encode("hello", PLAIN));
      assertThat(other.encode("hello")).isEqualTo(TokenIds.of(1).plus(plain));
    }
  }

  @Test
  void idsOutsideTheVocabularyAreRefusedBeforeTheNativeLibrarySeesThem() {
    int size = ModelDirectory.open(DemoModel.DIRECTORY).config().vocabSize();
    for (int id : new int[] {-1, size, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> tokenizer.decode(TokenIds.of(1, id), SKIP))
          .isInstanceOf(TokenizerException.class)
          .hasMessage(
              "Token id " + id + " is not in the vocabulary; allowed are 0 to " + (size - 1) + ".");
    }
  }

  @Test
  void anIdOfTheModelThatHasNoTokenHasNoText(@TempDir Path temporary) throws IOException {
    Path folder = DemoModel.copyTo(temporary.resolve("model"));
    Path config = folder.resolve("config.json");
    int last = tokenizer.vocabSize() - 1;
    // Phi-3 has 53 such ids.
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\"vocab_size\": \\d+", "\"vocab_size\": " + (last + 54)));
    try (Tokenizer other = Tokenizer.load(folder)) {
      assertThat(other.decode(TokenIds.of(last, last + 1, last + 53), KEEP))
          .isEqualTo(tokenizer.token(last));
      assertThat(other.token(last + 53)).isEmpty();
      assertThatThrownBy(() -> other.token(last + 54)).isInstanceOf(TokenizerException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "a\ude42b", "🙂\ud83d"})
  void halfACharacterIsRefused(String text) {
    assertThatThrownBy(() -> tokenizer.encode(text))
        .isInstanceOf(TokenizerException.class)
        .hasMessageMatching(
            "The text holds half a character \\(U\\+D\\w{3} alone\\); cut texts between characters"
                + " only.");
  }

  @Test
  void closesTwiceAndThenSaysSo() {
    Tokenizer other = Tokenizer.load(DemoModel.DIRECTORY);
    other.close();
    other.close();
    assertThatThrownBy(() -> other.encode("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This tokenizer is closed");
    assertThatThrownBy(() -> other.decode(TokenIds.of(1), SKIP))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closedWhileAnotherThreadUsesIt() throws InterruptedException {
    Tokenizer other = Tokenizer.load(DemoModel.DIRECTORY);
    AtomicReference<Throwable> end = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(100);
    Thread user =
        new Thread(
            () -> {
              while (true) {
                TokenIds ids = other.encode("Is it still there?", PLAIN);
                assertThat(other.decode(ids, SKIP)).isEqualTo("Is it still there?");
                started.countDown();
              }
            });
    user.setUncaughtExceptionHandler((thread, thrown) -> end.set(thrown));
    user.start();
    assertThat(started.await(10, TimeUnit.MINUTES)).isTrue();
    other.close();
    user.join();
    assertThat(end.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This tokenizer is closed. Make it again; in a notebook, run its cell again.");
  }

  /** Prints why the demo model's tokenizer cannot be loaded. */
  static final class LoadTokenizer {
    public static void main(String[] arguments) {
      try {
        Tokenizer.load(DemoModel.DIRECTORY);
      } catch (TokenizerException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed(@TempDir Path folder) throws IOException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("r-xr-xr-x"));
    var outcome =
        new ChildJvm(Map.of("DJL_CACHE_DIR", cache.toString()))
            .withPermissionsInForce()
            .run(LoadTokenizer.class, folder, List.of());
    assertThat(outcome.output())
        .singleElement()
        .asString()
        .startsWith("DJL's native tokenizer library cannot be loaded: ")
        .contains("Its folder, " + cache)
        .endsWith("has to be one that you can write to; DJL_CACHE_DIR names another.");
  }
}

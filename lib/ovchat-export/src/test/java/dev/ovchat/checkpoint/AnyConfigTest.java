package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.ovchat.Moments;
import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.modeldir.ModelDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever stands in a config.json: it is read, or one sentence that names the file says why not.
 */
@Slow
class AnyConfigTest {
  private static final Map<String, String> WHOLE =
      Map.of(
          "model_type", "\"phi3\"",
          "vocab_size", "9",
          "hidden_size", "8",
          "num_hidden_layers", "2",
          "num_attention_heads", "1",
          "max_position_embeddings", "64",
          "sliding_window", "null",
          "use_sliding_window", "true",
          "eos_token_id", "[1, 2]");

  private static Path file;

  @BeforeContainer
  static void makeFolder() throws IOException {
    file = Files.createTempDirectory("ovchat-config").resolve("config.json");
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.deleteIfExists(file);
    Files.delete(file.getParent());
  }

  @Provide
  Arbitrary<String> fields() {
    return Arbitraries.of(WHOLE.keySet().stream().sorted().toList());
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "0",
            "-1",
            "1.0",
            "0.5",
            "1e5",
            "1e400",
            "NaN",
            "true",
            "false",
            "null",
            "\"\"",
            "\"8\"",
            "[]",
            "[[]]",
            "[1, null]",
            "{}",
            "2147483648",
            "9".repeat(1500),
            "\"\\ud800\"",
            "'a'",
            "[".repeat(3000),
            ""),
        Arbitraries.integers().map(String::valueOf),
        Arbitraries.strings().ofMaxLength(20).map(text -> "\"" + text + "\""));
  }

  @Property(tries = 2000)
  void aChangedField(@ForAll("fields") String field, @ForAll("values") String value)
      throws IOException {
    Map<String, String> changed = new TreeMap<>(WHOLE);
    changed.put(field, value);
    check(json(changed).getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 1000)
  void aMissingField(@ForAll("fields") String field) throws IOException {
    Map<String, String> rest = new TreeMap<>(WHOLE);
    rest.remove(field);
    check(json(rest).getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 2000)
  void changedBytes(
      @ForAll List<Byte> bytes, @ForAll @IntRange(max = 400) int place, @ForAll boolean cut)
      throws IOException {
    byte[] whole = json(new TreeMap<>(WHOLE)).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.size() && place + i < whole.length; i++) {
      whole[place + i] = bytes.get(i);
    }
    check(cut ? java.util.Arrays.copyOf(whole, Math.min(place, whole.length)) : whole);
  }

  private static String json(Map<String, String> fields) {
    List<String> parts = new ArrayList<>();
    fields.forEach((field, value) -> parts.add("\"" + field + "\": " + value));
    return "{" + String.join(", ", parts) + "}";
  }

  private static void check(byte[] content) throws IOException {
    Files.write(file, content);
    assertTimeoutPreemptively(Moments.LONG, AnyConfigTest::readOrRefuse);
  }

  private static void readOrRefuse() {
    try {
      ModelConfig config = new ModelDirectory(file.getParent()).config();
      assertThat(config.vocabSize()).isPositive();
      assertThat(config.maxPositionEmbeddings()).isPositive();
      assertThat(config.slidingWindow().orElse(1)).isPositive();
      assertThat(config.eosTokenIds()).allMatch(id -> id >= 0);
    } catch (UnusableFileException e) {
      assertThat(e).hasMessageContaining(file.toString()).hasMessageEndingWith(".");
      assertThat(e.getMessage().length()).isLessThan(3000);
    }
  }
}

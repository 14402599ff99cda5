package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.gguf.AsGguf;
import dev.ovchat.gguf.GgufBuilder;
import dev.ovchat.gguf.TinyGguf;
import dev.ovchat.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files that say the same in other ways, as older converters do, become the same model. */
class GgufVariantsTest {
  private static final String BIN = "openvino_model.bin";
  private static final String TYPE = "llama.rope.scaling.type";
  private static final String FACTOR = "llama.rope.scaling.factor";

  @TempDir private Path folder;

  private Path export(String name, GgufBuilder file) throws IOException {
    return Export.of(file.writeTo(folder.resolve(name + ".gguf")))
        .to(folder.resolve(name))
        .directory();
  }

  private static void assertEqual(Path one, Path other) {
    for (String file : List.of(BIN, "openvino_model.xml")) {
      assertThat(one.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
    }
  }

  @Test
  void aFactorWithoutATypeIsLinear() throws IOException {
    Path named = export("named", TinyGguf.llama().with(TYPE, "linear").with(FACTOR, 4f));
    assertEqual(named, export("no-type", TinyGguf.llama().with(FACTOR, 4f)));
    assertEqual(named, export("old-key", TinyGguf.llama().with("llama.rope.scale_linear", 4f)));

    Path plain = export("plain", TinyGguf.llama());
    assertThat(Files.mismatch(named.resolve(BIN), plain.resolve(BIN))).isNotNegative();
    assertEqual(plain, export("by-1", TinyGguf.llama().with(FACTOR, 1f)));
    assertEqual(plain, export("by-0", TinyGguf.llama().with(TYPE, "linear").with(FACTOR, 0f)));
    assertEqual(plain, export("of-none", TinyGguf.llama().with(TYPE, "none").with(FACTOR, 4f)));
  }

  @Test
  void tokensWithoutATextAndPaddingWithoutAToken() throws IOException {
    GgufBuilder file =
        TinyGguf.llama()
            .with("tokenizer.ggml.tokens", List.of("a", "b", "", "", "ab", "Ġ", "Ġa", "<|end|>"))
            .with("tokenizer.ggml.padding_token_id", -1);
    Path directory = export("model", file);
    JsonNode vocabulary = json(directory, "tokenizer.json").path("model").path("vocab");
    assertThat(vocabulary.path("[EMPTY_2]").asInt()).isEqualTo(2);
    assertThat(vocabulary.path("[EMPTY_3]").asInt()).isEqualTo(3);
    assertThat(json(directory, "config.json").path("pad_token_id").isNull()).isTrue();
  }

  private static GgufBuilder golden(String checkpoint) throws IOException {
    return AsGguf.of(ArchitecturesTest.GOLDEN.resolve(checkpoint));
  }

  @Test
  void windowsOfGemma3AreThoseOfTheFile() throws IOException {
    String pattern = "gemma3.attention.sliding_window_pattern";
    GgufBuilder file = golden("gemma3").with("gemma3.rope.freq_base_swa", 5000f).with(pattern, 3);
    JsonNode config = json(export("number", file), "config.json");
    assertThat(config.path("rope_local_base_freq").asDouble()).isEqualTo(5000);
    assertThat(config.path("sliding_window_pattern").asInt()).isEqualTo(3);

    file = golden("gemma3").with(pattern, List.of(1, 0, 1, 0, 1, 1));
    config = json(export("list", file), "config.json");
    assertThat(config.path("rope_local_base_freq").asDouble()).isEqualTo(10_000);
    assertThat(config.path("layer_types"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "sliding_attention",
            "full_attention",
            "sliding_attention",
            "full_attention",
            "sliding_attention",
            "sliding_attention");
  }

  @Test
  void whatFilesOfAFamilySayOtherwise() throws IOException {
    GgufBuilder unrotated = golden("granite").with("granite.rope.scaling.finetuned", false);
    assertThatThrownBy(() -> export("granite", unrotated))
        .hasMessageContaining("granite.rope.scaling.finetuned has to be true, as without it");
    GgufBuilder older = golden("minicpm").without("minicpm.embedding_scale");
    assertThatThrownBy(() -> export("minicpm", older))
        .hasMessageContaining("was converted before GGUF files of MiniCPM had its factors");
    GgufBuilder third = golden("olmo2").with("olmo2.attention.sliding_window", 8);
    assertThatThrownBy(() -> export("olmo2", third))
        .hasMessageContaining(
            "olmo2.attention.sliding_window has to be 0, as OLMo 2 has no windows");
  }

  /** llama.cpp has them where a file does not name them. */
  @Test
  void sentencePieceHasUsualIds() throws IOException {
    GgufBuilder file =
        TinyGguf.llama()
            .with("tokenizer.ggml.model", "llama")
            .with("tokenizer.ggml.scores", List.of(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f))
            .with(
                "tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>", "▁", "a", "b", "▁a", "ab"))
            .with("tokenizer.ggml.token_type", List.of(2, 3, 3, 1, 1, 1, 1, 1))
            .without("tokenizer.ggml.bos_token_id")
            .without("tokenizer.ggml.eos_token_id");
    Path directory = export("model", file);
    assertThat(json(directory, "config.json").path("eos_token_id").asInt()).isEqualTo(2);
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("ab").toArray()).containsExactly(1, 6, 5);
    }
  }

  /** Fields in the order of a hash would be in another one in each process. */
  @Test
  void fieldsHaveAnOrder() throws IOException {
    Path directory = export("model", TinyGguf.llama());
    JsonNode added = json(directory, "tokenizer.json").path("added_tokens").get(0);
    assertThat(added.fieldNames())
        .toIterable()
        .containsExactly(
            "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    assertThat(json(directory, "tokenizer_config.json").fieldNames())
        .toIterable()
        .containsSubsequence("bos_token", "eos_token");
  }

  private static JsonNode json(Path directory, String file) throws IOException {
    return new ObjectMapper().readTree(directory.resolve(file).toFile());
  }
}

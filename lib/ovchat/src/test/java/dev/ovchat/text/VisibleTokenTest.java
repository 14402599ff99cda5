package dev.ovchat.text;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.DemoModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens of every kind of vocabulary, as people read them. */
class VisibleTokenTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** An end token of the demo model, whose config stands beside each vocabulary. */
  private static final int END = 1980;

  @TempDir Path temporary;

  enum Kind {
    SENTENCE_PIECE("안 coração\n🦉\tif (a)  b"),
    BYTE_LEVEL("안 coração\n🦉\tif (a)  b"),
    UNIGRAM("coração if ab"),
    WORD_PIECE("coração ab if"),
    NO_DECODER("coração if ab");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private Tokenizer tokenizer(Kind kind) throws IOException {
    Path folder = DemoModel.copyTo(temporary.resolve("model"));
    if (kind != Kind.SENTENCE_PIECE) {
      Files.writeString(folder.resolve("tokenizer.json"), json(kind).toString());
      Files.deleteIfExists(folder.resolve("tokenizer_config.json"));
      Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 0}");
    }
    return Tokenizer.load(folder);
  }

  private static ObjectNode json(Kind kind) throws IOException {
    ObjectNode json =
        switch (kind) {
          case BYTE_LEVEL -> byteLevel();
          case UNIGRAM ->
              read(
                  """
                  {"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["▁cora", -1],
                     ["ção", -1], ["▁", -2], ["if", -1], ["a", -2], ["b", -2]]},
                   "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
                   "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}}\
                  """);
          case WORD_PIECE ->
              words("{\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": false}");
          default -> words("null");
        };
    json.put("version", "1.0");
    json.putArray("added_tokens")
        .addObject()
        .put("id", END)
        .put("content", "<|end|>")
        .put("special", true)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false);
    return json;
  }

  private static ObjectNode words(String decoder) throws IOException {
    return read(
        """
        {"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
           "max_input_chars_per_word": 100,
           "vocab": {"[UNK]": 0, "cora": 1, "##ção": 2, "if": 3, "a": 4, "##b": 5}},
         "pre_tokenizer": {"type": "WhitespaceSplit"}, "decoder": %s}\
        """
            .formatted(decoder));
  }

  /** All 256 bytes, as GPT-2's encoder spells them, and two merges. */
  private static ObjectNode byteLevel() throws IOException {
    ObjectNode json =
        read(
            """
            {"model": {"type": "BPE", "vocab": {}, "merges": ["Ġ c", "Ġ ð"]},
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
             "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}}\
            """);
    ObjectNode vocabulary = (ObjectNode) json.at("/model/vocab");
    int next = 0x100;
    for (int value = 0; value < 256; value++) {
      boolean isItsOwn = (value > 0x20 && value < 0x7f) || (value > 0xa0 && value != 0xad);
      vocabulary.put(Character.toString(isItsOwn ? value : next++), value);
    }
    vocabulary.put("Ġc", 256).put("Ġð", 257);
    return json;
  }

  private static ObjectNode read(String json) throws IOException {
    return (ObjectNode) MAPPER.readTree(json);
  }

  private static List<String> visible(Tokenizer tokenizer, String text) {
    return IntStream.of(tokenizer.encode(text, DemoTokenizerTest.PLAIN).toArray())
        .mapToObj(tokenizer::visibleToken)
        .toList();
  }

  /** What the signs stand for: the reverse of making tokens visible. */
  private static String read(List<String> tokens) {
    String text = tokens.stream().collect(joining());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (text.startsWith("<0x", i)) {
        bytes.write(Integer.parseInt(text.substring(i + 3, i + 5), 16));
        i += 6;
      } else {
        String sign = Character.toString(c);
        String meant = sign.replace('▁', ' ').replace('↵', '\n').replace('⇥', '\t');
        bytes.writeBytes(meant.getBytes(StandardCharsets.UTF_8));
        i += sign.length();
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void theVisibleTokensTogetherAreTheDecodedText(Kind kind) throws IOException {
    try (Tokenizer tokenizer = tokenizer(kind)) {
      TokenIds ids = tokenizer.encode(kind.text, DemoTokenizerTest.PLAIN);
      String decoded = tokenizer.decode(ids, DemoTokenizerTest.KEEP);
      // Most decoders drop the space before the first word.
      assertThat(read(visible(tokenizer, kind.text))).isIn(decoded, " " + decoded);
      assertThat(visible(tokenizer, kind.text)).noneMatch(token -> token.contains("Ġ"));
    }
  }

  @Test
  void aPartOfACharacterSaysWhichBytesItIs() throws IOException {
    try (Tokenizer bytes = tokenizer(Kind.BYTE_LEVEL)) {
      assertThat(visible(bytes, "안 ca\n"))
          .containsExactly("<0xEC>", "<0x95>", "<0x88>", "▁c", "a", "↵");
      assertThat(visible(bytes, "a 🦉"))
          .containsExactly("a", "▁<0xF0>", "<0x9F>", "<0xA6>", "<0x89>");
      assertThat(bytes.token(257)).isEqualTo("Ġð");
      assertThat(bytes.visibleToken(0)).isEqualTo("␀");
    }
  }

  @Test
  void aByteThatIsACharacterIsThatCharacter() throws IOException {
    try (Tokenizer pieces = tokenizer(Kind.SENTENCE_PIECE)) {
      assertThat(visible(pieces, "\n🦉"))
          .containsExactly("▁", "↵", "<0xF0>", "<0x9F>", "<0xA6>", "<0x89>");
    }
  }

  @Test
  void aWordPieceShowsTheSpaceThatItsDecoderPutsThere() throws IOException {
    try (Tokenizer words = tokenizer(Kind.WORD_PIECE)) {
      assertThat(visible(words, "coração ab")).containsExactly("▁cora", "ção", "▁a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void addedTokensStayAsTheyAre(Kind kind) throws IOException {
    try (Tokenizer tokenizer = tokenizer(kind)) {
      TokenIds ids = tokenizer.encode("<|end|>", DemoTokenizerTest.PLAIN);
      int end = ids.get(ids.size() - 1);
      assertThat(tokenizer.visibleToken(end)).isEqualTo("<|end|>").isEqualTo(tokenizer.token(end));
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachTokenHasOneLineAndNoControlCharacter(Kind kind) throws IOException {
    try (Tokenizer tokenizer = tokenizer(kind)) {
      for (int id = 0; id < tokenizer.vocabSize(); id++) {
        assertThat(tokenizer.visibleToken(id)).doesNotContain("\n", "\t", " ");
      }
    }
  }
}

package dev.ovchat.tokenizerfile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.Golden;
import dev.ovchat.Golden.TokenizerResult;
import dev.ovchat.Golden.TokenizerVariation;
import dev.ovchat.Golden.TokenizerVariations;
import dev.ovchat.Slow;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ids and texts as two versions of transformers have them, for all kinds of tokenizer classes and
 * added tokens: {@code tokenizer.json}, and over it what the files beside it say.
 */
@Slow
class TokenizerVariationsTest {
  private static final TokenizerVariations GOLDEN = Golden.tokenizerVariations();
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DecodeOptions KEEP = DecodeOptions.defaults();

  @TempDir Path folder;

  static List<TokenizerVariation> cases() {
    return GOLDEN.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areReadAsTransformersReadsThem(TokenizerVariation golden) throws IOException {
    Map<String, Object> tokenizer = new HashMap<>(GOLDEN.bases().get(golden.base()));
    tokenizer.put("added_tokens", golden.addedTokens());
    write("tokenizer.json", tokenizer);
    for (var file : golden.files().entrySet()) {
      write(file.getKey(), file.getValue());
    }
    try (Tokenizer read = Tokenizer.of(TokenizerFile.read(folder), 0)) {
      assertThat(golden.results()).allSatisfy(result -> holds(read, result));
    }
  }

  private void write(String name, Object content) throws IOException {
    MAPPER.writeValue(folder.resolve(name).toFile(), content);
  }

  private static void holds(Tokenizer tokenizer, TokenizerResult golden) {
    assertThat(tokenizer.encode(golden.text(), new EncodeOptions(false)).stream())
        .containsExactlyElementsOf(golden.plain());
    if (golden.ids() != null) {
      TokenIds ids = tokenizer.encode(golden.text());
      assertThat(ids.stream()).containsExactlyElementsOf(golden.ids());
      assertThat(tokenizer.decode(ids, KEEP)).isEqualTo(golden.decoded());
      assertThat(tokenizer.decode(ids, KEEP.skipSpecialTokens(true))).isEqualTo(golden.readable());
    }
  }
}

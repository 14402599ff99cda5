package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.Golden;
import dev.ovchat.Golden.TokenizerCase;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same ids and the same text as transformers' AutoTokenizer. */
class TokenizerGoldenTest extends DemoTokenizerTest {
  static List<TokenizerCase> cases() {
    return Golden.tokenizerCases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void encodesAndDecodesAsAutoTokenizer(TokenizerCase golden) {
    var options = EncodeOptions.defaults().addSpecialTokens(golden.addSpecialTokens());
    TokenIds ids = tokenizer.encode(golden.text(), options);
    assertThat(ids.stream()).containsExactlyElementsOf(golden.ids());
    assertThat(tokenizer.decode(ids, KEEP)).isEqualTo(golden.decoded());
    assertThat(tokenizer.decode(ids, SKIP)).isEqualTo(golden.decodedWithoutSpecialTokens());
  }
}

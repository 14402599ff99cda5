package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.Golden;
import dev.ovchat.Golden.GenerationCase;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same tokens and the same text as optimum-intel, greedily, in full precision. */
@Slow
class GenerationGoldenTest extends AccurateModelTest {

  static List<GenerationCase> cases() {
    return Golden.generationCases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void generatesAsOptimumIntel(GenerationCase golden) {
    var input = tokenizer.encode(golden.prompt(), EncodeOptions.defaults().addSpecialTokens(false));
    var config = GenerationConfig.defaults().maxNewTokens(golden.maxNewTokens());
    var streamed = new StringBuilder();
    Generation output =
        model.generate(
            input, config, GenerationHooks.none().listener(TextStreamer.of(streamed::append)));

    var skip = DecodeOptions.defaults().skipSpecialTokens(true);
    assertThat(output.sequence().stream())
        .as("the smallest gap between two best logits was " + Collections.min(golden.gaps()))
        .containsExactlyElementsOf(golden.sequence());
    assertThat(tokenizer.batchDecode(output.sequences(), skip)).containsExactly(golden.text());
    assertThat(streamed.toString()).isEqualTo(tokenizer.decode(output.ids(), skip));
  }
}

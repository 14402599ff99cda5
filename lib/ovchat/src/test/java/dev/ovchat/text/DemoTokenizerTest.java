package dev.ovchat.text;

import dev.ovchat.DemoModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What the tests on the demo model's tokenizer share: it is loaded once for each class. */
abstract class DemoTokenizerTest {
  static final EncodeOptions PLAIN = EncodeOptions.defaults().addSpecialTokens(false);
  static final DecodeOptions KEEP = DecodeOptions.defaults();
  static final DecodeOptions SKIP = KEEP.skipSpecialTokens(true);
  static Tokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }
}

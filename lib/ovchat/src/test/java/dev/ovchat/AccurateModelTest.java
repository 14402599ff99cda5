package dev.ovchat;

import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What the tests on the demo model in full precision share: it is loaded once for each class. */
public abstract class AccurateModelTest {
  protected static CausalLM model;
  protected static Tokenizer tokenizer;

  /** The documented prompt. */
  protected static TokenIds prompt;

  /** Those of the golden generations, of many lengths. */
  protected static List<TokenIds> prompts;

  protected static final Map<String, String> CONFIG = config();

  private static Map<String, String> config() {
    // For a model as small as this a second thread costs more than it brings.
    var config = new HashMap<>(DemoModel.ACCURATE);
    config.put("INFERENCE_NUM_THREADS", "1");
    return Map.copyOf(config);
  }

  @BeforeAll
  protected static void load() {
    model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), CONFIG);
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
    prompt = encode(DemoModel.PROMPT);
    prompts = Golden.generationCases().stream().map(golden -> encode(golden.prompt())).toList();
  }

  @AfterAll
  protected static void close() {
    model.close();
    tokenizer.close();
  }

  protected static TokenIds encode(String text) {
    return tokenizer.encode(text, EncodeOptions.defaults().addSpecialTokens(false));
  }
}

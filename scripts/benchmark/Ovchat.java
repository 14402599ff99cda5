import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationConfig;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * ovchat's side of the comparison: MODEL_DIRECTORY NEW_TOKENS REPETITIONS PROMPT. Says "first token"
 * at the first token of the process, then the tokens/s of each repetition on the warm model.
 */
final class Ovchat {
  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    int newTokens = Integer.parseInt(arguments[1]);
    var ovConfig = Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");
    // No end tokens: every repetition has the same length.
    var config = GenerationConfig.defaults().maxNewTokens(newTokens).eosTokenIds(List.of());
    try (var tokenizer = Tokenizer.load(directory);
        var model = CausalLM.load(directory, Device.of("CPU"), ovConfig)) {
      TokenIds prompt =
          tokenizer.encode(arguments[3], EncodeOptions.defaults().addSpecialTokens(false));
      model.generate(prompt, config.maxNewTokens(1), id -> System.out.println("first token"));
      model.generate(prompt, config); // warm-up
      for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
        Generation generation = model.generate(prompt, config);
        System.out.println("tokens/s " + generation.metrics().tokensPerSecond());
      }
    }
  }
}

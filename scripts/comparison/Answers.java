import dev.ovchat.generate.CausalLM;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * ovchat's side of the comparison: MODEL_DIRECTORY NEW_TOKENS. Reads prompts as ids, one a line, and
 * prints the ids of each answer.
 */
final class Answers {
  public static void main(String[] arguments) throws IOException {
    var ovConfig = Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");
    var config = GenerationConfig.defaults().maxNewTokens(Integer.parseInt(arguments[1]));
    var prompts = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (var model = CausalLM.load(Path.of(arguments[0]), Device.of("CPU"), ovConfig)) {
      for (String line = prompts.readLine(); line != null; line = prompts.readLine()) {
        int[] ids = Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray();
        TokenIds answer = model.generate(TokenIds.of(ids), config).ids();
        System.out.println(
            answer.stream().mapToObj(Integer::toString).collect(Collectors.joining(" ")));
      }
    }
  }
}

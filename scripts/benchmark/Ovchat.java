import com.sun.management.ThreadMXBean;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationListener;
import dev.ovchat.generate.Metrics;
import dev.ovchat.generate.TextStreamer;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.text.TokenIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** ovchat's side of the comparison: MODEL_DIRECTORY. Its protocol is in peers.py. */
final class Ovchat {
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    var ovConfig = Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (var model = CausalLM.load(directory, Device.of("CPU"), ovConfig)) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        System.out.println(answer(model, line.split(" ")));
      }
    }
  }

  private static String answer(CausalLM model, String[] request) {
    if (request[0].equals("versions")) {
      return "{\"Java\": \"%s\", \"OpenVINO\": \"%s\"}"
          .formatted(Runtime.version(), OpenVino.version());
    }
    int newTokens = Integer.parseInt(request[1]);
    var config =
        GenerationConfig.defaults()
            .doSample(false)
            .eosTokenIds(List.of())
            .minNewTokens(newTokens)
            .maxNewTokens(newTokens);
    TokenIds prompt =
        TokenIds.of(Arrays.stream(request).skip(2).mapToInt(Integer::parseInt).toArray());
    return switch (request[0]) {
      case "generate" -> generate(model, prompt, config);
      case "heap" -> heap(model, prompt, config, GenerationListener.NONE);
      case "heap-text" -> heap(model, prompt, config, TextStreamer.of(piece -> {}));
      default -> throw new IllegalArgumentException("There is no request " + request[0] + ".");
    };
  }

  private static String generate(CausalLM model, TokenIds prompt, GenerationConfig config) {
    var generation = model.generate(prompt, config);
    int tokens = generation.ids().size();
    Metrics metrics = generation.metrics();
    // No format string: it would take its time before the first answer of the process.
    return "{\"tokens\": "
        + tokens
        + ", \"first_s\": "
        + metrics.firstTokenMillis() / 1000
        + ", \"rest_s\": "
        + metrics.perTokenMillis() * (tokens - 1) / 1000
        + "}";
  }

  private static String heap(
      CausalLM model, TokenIds prompt, GenerationConfig config, GenerationListener listener) {
    long before = allocatedBytes();
    int tokens = model.generate(prompt, config, GenerationHooks.none().listener(listener)).ids().size();
    long bytes = allocatedBytes() - before;
    return "{\"tokens\": " + tokens + ", \"bytes\": " + bytes + "}";
  }

  /** By all threads: text is handed on from a thread of its own, which stays for a minute. */
  private static long allocatedBytes() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
  }
}

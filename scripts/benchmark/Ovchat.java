import com.sun.management.ThreadMXBean;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.generate.CacheLayout;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationListener;
import dev.ovchat.generate.Metrics;
import dev.ovchat.generate.TextStreamer;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.text.EncodeOptions;
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
import java.util.concurrent.CompletableFuture;

/**
 * ovchat's side of the comparison: MODEL_DIRECTORY [PAGED]. Its protocol is in peers.py. PAGED is the
 * layout of the KV cache, which else is contiguous.
 */
final class Ovchat {
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    String cacheDir = System.getenv().getOrDefault("BENCH_CACHE_DIR", "");
    var ovConfig = Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", cacheDir);
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    var layout = arguments.length > 1 ? CacheLayout.valueOf(arguments[1]) : CacheLayout.CONTIGUOUS;
    try (var model = CausalLM.load(directory, Device.of("CPU"), ovConfig, layout)) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        System.out.println(answer(directory, model, line.split(" ")));
      }
    }
  }

  private static String answer(Path directory, CausalLM model, String[] request) {
    if (request[0].equals("versions")) {
      return "{\"Java\": \"%s\", \"OpenVINO\": \"%s\"}"
          .formatted(Runtime.version(), OpenVino.version());
    }
    if (request[0].equals("many")) {
      return many(model, String.join(" ", request).substring("many ".length()));
    }
    if (request[0].equals("ids")) {
      return ids(directory, model, String.join(" ", request).substring("ids ".length()));
    }
    int newTokens = Integer.parseInt(request[1]);
    var config = config(newTokens);
    boolean isStructured = request[0].equals("structured");
    TokenIds prompt = prompt(request, isStructured ? 3 : 2);
    return switch (request[0]) {
      case "generate" -> generate(model, prompt, config);
      case "structured" -> structured(model, prompt, newTokens, request[2]);
      case "heap" -> heap(model, prompt, config, GenerationListener.NONE);
      case "heap-text" -> heap(model, prompt, config, TextStreamer.of(piece -> {}));
      default -> throw new IllegalArgumentException("There is no request " + request[0] + ".");
    };
  }

  /** Greedy, and of that length whatever tokens come. */
  private static GenerationConfig config(int newTokens) {
    return GenerationConfig.defaults()
        .doSample(false)
        .eosTokenIds(List.of())
        .minNewTokens(newTokens)
        .maxNewTokens(newTokens);
  }

  private static TokenIds prompt(String[] words, int from) {
    return TokenIds.of(Arrays.stream(words).skip(from).mapToInt(Integer::parseInt).toArray());
  }

  /** All of the prompts by a queue, if the cache is paged, else one by one. */
  private static String many(CausalLM model, String prompts) {
    long start = System.nanoTime();
    List<Generation> generations =
        model.cacheLayout() == CacheLayout.PAGED ? queued(model, prompts.split(";")) : oneByOne(model, prompts.split(";"));
    double seconds = (System.nanoTime() - start) / 1e9;
    int tokens = generations.stream().mapToInt(generation -> generation.ids().size()).sum();
    return "{\"tokens\": " + tokens + ", \"seconds\": " + seconds + "}";
  }

  private static List<Generation> queued(CausalLM model, String[] prompts) {
    try (var queue = model.newQueue()) {
      var submitted =
          Arrays.stream(prompts)
              .map(line -> line.split(" "))
              .map(words -> queue.submit(prompt(words, 1), config(Integer.parseInt(words[0]))))
              .toList();
      return submitted.stream().map(CompletableFuture::join).toList();
    }
  }

  private static List<Generation> oneByOne(CausalLM model, String[] prompts) {
    return Arrays.stream(prompts)
        .map(line -> line.split(" "))
        .map(words -> model.generate(prompt(words, 1), config(Integer.parseInt(words[0]))))
        .toList();
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

  /** A question in the model's chat template. */
  private static String ids(Path directory, CausalLM model, String question) {
    String prompt = ChatTemplate.load(directory).render(List.of(ChatMessage.user(question)));
    return "{\"ids\": " + model.tokenizer().encode(prompt, EncodeOptions.AS_IT_IS) + "}";
  }

  /**
   * An answer by a schema. Its time to the first token includes what the schema takes. Nobody listens: the other programs
   * make no text of the ids either.
   */
  private static String structured(
      CausalLM model, TokenIds prompt, int newTokens, String schema) {
    var byFormat =
        GenerationConfig.defaults()
            .doSample(false)
            .maxNewTokens(newTokens)
            .responseFormat(ResponseFormat.jsonSchema(schema));
    var inForce = schema.equals("none") ? config(newTokens) : byFormat;
    long start = System.nanoTime();
    var generation = model.generate(prompt, inForce);
    double seconds = (System.nanoTime() - start) / 1e9;
    int tokens = generation.ids().size();
    double rest = generation.metrics().perTokenMillis() * (tokens - 1) / 1000;
    return "{\"tokens\": "
        + tokens
        + ", \"first_s\": "
        + (seconds - rest)
        + ", \"rest_s\": "
        + rest
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

package dev.ovchat.experiment;

import dev.ovchat.files.AtomicFile;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.ConfigCheck;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The process of one run: it reads a {@link Request} from a file, and writes the response to
 * another.
 */
final class Worker {
  private Worker() {}

  /**
   * Carries out the request.
   *
   * @param arguments the files of the request and of the response
   */
  public static void main(String[] arguments) throws IOException {
    endWithParent();
    Properties request = new Properties();
    try (InputStream in = new FileInputStream(arguments[0])) {
      request.load(in);
    }
    Properties answer = answer(request);
    AtomicFile.write(Path.of(arguments[1]), out -> answer.store(out, null));
  }

  /** Ends this process when its parent ends: standard input is open as long as the parent lives. */
  static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // No pipe any more: the same as its end.
              }
              Runtime.getRuntime().halt(1);
            },
            "watch over the parent");
    watch.setDaemon(true);
    watch.start();
  }

  private static Properties answer(Properties request) {
    try {
      return request.containsKey("cells") ? check(request) : Request.answer(measure(request));
    } catch (RuntimeException | Error e) {
      boolean ours = e.getClass().getName().startsWith("dev.ovchat.");
      Properties answer = new Properties();
      answer.setProperty(Request.REASON, ours ? e.getMessage() : e.toString());
      return answer;
    }
  }

  /** Checks the values, up to the first one that OpenVINO refuses. */
  private static Properties check(Properties request) {
    Device device = new Device(request.getProperty("device"));
    Properties answer = new Properties();
    ConfigCheck.problem(device, Map.of())
        .map(problem -> "device " + device + ": " + problem)
        .or(() -> refusedCell(device, Request.cells(request)))
        .ifPresent(problem -> answer.setProperty(Request.REFUSED, problem));
    return answer;
  }

  private static Optional<String> refusedCell(Device device, List<Map<String, String>> cells) {
    for (Map<String, String> cell : cells) {
      Optional<String> problem = ConfigCheck.problem(device, cell);
      if (problem.isPresent()) {
        return problem.map(reason -> "grid cell " + ConfigText.cell(cell) + ": " + reason);
      }
    }
    return Optional.empty();
  }

  private static Measured measure(Properties request) {
    Path directory = Path.of(request.getProperty("model"));
    Device device = new Device(request.getProperty("device"));
    try (CausalLM model = CausalLM.load(directory, device, Request.config(request))) {
      List<TokenIds> prompts = Request.texts(request.getProperty("prompts"));
      Generations generations = Generations.of(model, prompts, request);
      var last = generations.last().metrics();
      return new Measured(
          last.loadMillis(),
          generations.firstTokenMillis(),
          generations.tokensPerSecond(),
          last.peakResidentBytes().isPresent()
              ? last.peakResidentBytes().getAsLong() / 1e6
              : Double.NaN,
          perplexity(model, Request.ids(request.getProperty("perplexityText"))),
          generations.answers().stream().map(ids -> upToItsEnd(ids, model.eosTokenIds())).toList(),
          model.effectiveConfig());
    }
  }

  /**
   * The perplexity, to be had after the generations: the logits of a whole text take memory that
   * they do not.
   */
  private static double perplexity(CausalLM model, TokenIds text) {
    return text.isEmpty() ? Double.NaN : model.score(text).perplexity();
  }

  private static TokenIds upToItsEnd(TokenIds ids, List<Integer> eosTokenIds) {
    for (int i = 0; i < ids.size(); i++) {
      if (eosTokenIds.contains(ids.get(i))) {
        return TokenIds.of(ids.stream().limit(i + 1L).toArray());
      }
    }
    return ids;
  }
}

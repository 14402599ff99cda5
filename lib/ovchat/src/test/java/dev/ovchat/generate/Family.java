package dev.ovchat.generate;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A tiny random model of a family, as the documented command exports it, and what transformers
 * makes of it: see {@code scripts/golden/golden_families.py}.
 *
 * @param prompts of different lengths, with the same beginning
 * @param completions the greedy ids after each
 * @param beams the ids after the first prompt, of the better of two beams
 * @param smallestGap how far the chosen tokens were ahead of the next best at least
 * @param logits [tokens][vocabulary] of the first prompt
 */
record Family(
    String family,
    List<List<Integer>> prompts,
    List<List<Integer>> completions,
    List<Integer> beams,
    float smallestGap,
    List<List<Float>> logits) {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/families");
  private static final Map<String, String> ACCURATE =
      Map.of("EXECUTION_MODE_HINT", "ACCURACY", "INFERENCE_NUM_THREADS", "1");

  static final String GRAPH = "openvino_model.xml";
  static final String WEIGHTS = "openvino_model.bin";

  static List<String> all() throws IOException {
    try (Stream<Path> folders = Files.list(GOLDEN)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  static Family of(String name) throws IOException {
    return new ObjectMapper()
        .readValue(GOLDEN.resolve(name).resolve("golden.json").toFile(), Family.class);
  }

  TokenIds prompt(int index) {
    return ids(prompts.get(index));
  }

  TokenIds completion(int index) {
    return ids(completions.get(index));
  }

  TokenIds best() {
    return ids(beams);
  }

  private static TokenIds ids(List<Integer> ids) {
    return TokenIds.of(ids.stream().mapToInt(id -> id).toArray());
  }

  /** Writes the model into a directory, with a tokenizer, which it is not loaded without. */
  static Path copyTo(Path directory, String name) throws IOException {
    Path golden = GOLDEN.resolve(name);
    Files.createDirectories(directory);
    Files.copy(golden.resolve("config.json"), directory.resolve("config.json"));
    Files.copy(golden.resolve(WEIGHTS), directory.resolve(WEIGHTS));
    try (InputStream graph =
        new GZIPInputStream(Files.newInputStream(golden.resolve(GRAPH + ".gz")))) {
      Files.copy(graph, directory.resolve(GRAPH));
    }
    String vocabulary =
        IntStream.range(0, 64)
            .mapToObj(id -> "\"" + Character.toString(0x100 + id) + "\": " + id)
            .collect(Collectors.joining(", "));
    Files.writeString(
        directory.resolve("tokenizer.json"),
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {" + vocabulary + "}, \"merges\": []}}");
    return directory;
  }

  static CausalLM load(Path directory) {
    return CausalLM.load(directory, Device.of("CPU"), ACCURATE);
  }

  /**
   * Changes the graph in a directory: each pair of texts is one to be found, and what replaces it.
   */
  static void edit(Path directory, String... pairs) throws IOException {
    Path file = directory.resolve(GRAPH);
    String graph = Files.readString(file, StandardCharsets.UTF_8);
    for (int i = 0; i < pairs.length; i += 2) {
      if (!graph.contains(pairs[i])) {
        throw new IllegalArgumentException(
            "The graph lacks " + pairs[i] + " of " + Arrays.toString(pairs));
      }
      graph = graph.replace(pairs[i], pairs[i + 1]);
    }
    Files.writeString(file, graph);
  }
}

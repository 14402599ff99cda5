package dev.ovchat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The demo model that comes with the project: the real library reads it in these tests. */
public final class DemoModel {
  /** Its int4 export. */
  public static final Path DIRECTORY = Path.of("../../environment/demo-model/int4");

  /** The documented prompt. */
  public static final String PROMPT =
      "<|system|>You are a helpful AI assistant.<|end|><|user|>can you introduce yourself?<|end|>"
          + "<|assistant|>";

  /** The documented config. */
  public static final Map<String, String> CONFIG =
      Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");

  /** The documented config with full precision: the same tokens on every CPU. */
  public static final Map<String, String> ACCURATE =
      Map.of(
          "PERFORMANCE_HINT", "LATENCY",
          "NUM_STREAMS", "1",
          "CACHE_DIR", "",
          "EXECUTION_MODE_HINT", "ACCURACY");

  private DemoModel() {}

  /** A copy of the export that a test may damage. */
  public static Path copyTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }
}

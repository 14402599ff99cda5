package dev.ovchat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The demo model that comes with the project: the real library reads it in these tests. */
public final class DemoModel {
  /** As it comes. */
  public static final Path CHECKPOINT = Path.of("../../environment/demo-model/checkpoint");

  private static final Path JAR = Path.of("../ovchat-notebook/target/ovchat-notebook.jar");

  /** Its int4 export, made anew by each JVM: one of an earlier run could hide a fault. */
  public static final Path DIRECTORY = exported(CHECKPOINT, "demo-model-");

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

  /**
   * An export of a checkpoint or GGUF file, which goes when the JVM ends. It is made by the jar
   * that set-up has built, as users do: not every module has classes that export.
   *
   * @param prefix what the name of its folder begins with
   */
  public static Path exported(Path checkpoint, String prefix) {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), prefix);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder.toFile())));
      Path model = folder.resolve("int4");
      export(checkpoint, model);
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void export(Path checkpoint, Path model) throws IOException, InterruptedException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(
          "The tests' models are exported by %s, which is not there. Run ./scripts/setup first."
              .formatted(JAR.toAbsolutePath().normalize()));
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                JAR.toString(),
                "dev.ovchat.cli.ExportMain",
                "--model",
                checkpoint.toString(),
                model.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(checkpoint + " cannot be exported: " + output);
      }
    } finally {
      process.destroy();
    }
  }

  private static void delete(File file) {
    File[] files = file.listFiles(); // null where it is none
    for (File inner : files == null ? new File[0] : files) {
      delete(inner);
    }
    file.delete();
  }

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

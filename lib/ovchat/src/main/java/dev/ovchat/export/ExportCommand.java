package dev.ovchat.export;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The documented {@code optimum-cli} command, which turns a HuggingFace checkpoint into a model
 * directory for OpenVINO.
 *
 * <pre>{@code
 * var command = ExportCommand.documented("microsoft/Phi-3-mini-4k-instruct", modelDir);
 * command.run(System.out::print);
 * }</pre>
 *
 * <p>It needs a Python environment of its own, which {@code ./scripts/export} installs.
 *
 * @param arguments the command line behind {@code optimum-cli}
 */
public record ExportCommand(List<String> arguments) {
  private static final String PROGRAM = "optimum-cli";

  /** What is said of the weights beside their format; as scripts/export_model.py has it. */
  private static final Map<String, List<String>> COMPRESSION =
      Map.of(
          "int4", List.of("--group-size", "128", "--ratio", "0.6", "--sym"),
          "int8", List.of("--sym"),
          "fp16", List.of(),
          "fp32", List.of());

  public ExportCommand {
    arguments = List.copyOf(arguments);
  }

  /**
   * The documented command: int4 weights, symmetric, in groups of 128, for 60 % of the weights.
   *
   * @param model an id on the HuggingFace hub, or a local checkpoint
   * @param directory where the model goes
   */
  public static ExportCommand documented(String model, Path directory) {
    return withWeights("int4", model, directory);
  }

  /**
   * The documented command with weights of another format. Group size and share are int4's alone,
   * and symmetry is int4's and int8's; the others have none.
   *
   * @param format {@code int4} (as documented), {@code int8}, {@code fp16} or {@code fp32}
   * @param model as above
   * @param directory as above
   * @throws ExportException if there is no such format
   */
  public static ExportCommand withWeights(String format, String model, Path directory) {
    if (!COMPRESSION.containsKey(format)) {
      throw new ExportException(
          "There is no weight format %s; take one of int4, int8, fp16, fp32.".formatted(format));
    }
    List<String> arguments = new ArrayList<>(List.of("export", "openvino", "--model", model));
    arguments.addAll(List.of("--task", "text-generation-with-past", "--weight-format", format));
    arguments.addAll(COMPRESSION.get(format));
    arguments.addAll(List.of("--trust-remote-code", directory.toString()));
    return new ExportCommand(arguments);
  }

  /** Whether the export's Python environment is there. */
  public boolean isInstalled() {
    return Files.isExecutable(program());
  }

  /**
   * Runs the command and waits for it.
   *
   * @param progress receives what the command prints, as it comes
   * @throws ExportException if the environment is missing, or the command fails
   */
  public void run(Consumer<String> progress) {
    run(program(), progress);
  }

  /** The same with a given program. */
  void run(Path program, Consumer<String> progress) {
    if (!Files.isExecutable(program)) {
      throw new ExportException(
          "There is no " + program + ". Run ./scripts/export: it installs what the export needs.");
    }
    try {
      ProcessBuilder builder = new ProcessBuilder();
      builder.command().add(program.toString());
      builder.command().addAll(arguments);
      Process process = builder.redirectErrorStream(true).start();
      int exit;
      try {
        copy(process, progress);
        exit = process.waitFor();
      } finally {
        process.destroy();
      }
      if (exit != 0) {
        throw new ExportException(
            "The export failed with exit code " + exit + "; see above: " + this);
      }
    } catch (IOException e) {
      throw new ExportException("The export cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExportException("The export was interrupted.", e);
    }
  }

  private static void copy(Process process, Consumer<String> progress) throws IOException {
    char[] piece = new char[1024];
    try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      for (int n = output.read(piece); n >= 0; n = output.read(piece)) {
        progress.accept(new String(piece, 0, n));
      }
    }
  }

  private static Path program() {
    String home = System.getenv().getOrDefault("OVCHAT_HOME", ".ovchat");
    return Path.of(home, "venv-export", "bin", PROGRAM);
  }

  /** The command as one would type it. */
  @Override
  public String toString() {
    return PROGRAM + " " + arguments.stream().map(ExportCommand::quoted).collect(joining(" "));
  }

  private static String quoted(String argument) {
    return argument.chars().anyMatch(Character::isWhitespace) ? "'" + argument + "'" : argument;
  }
}

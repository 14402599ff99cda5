package dev.ovchat.export;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.List;

/**
 * The documented {@code optimum-cli} command, which turns a HuggingFace checkpoint into a model
 * directory for OpenVINO, to be shown beside {@link Export}.
 *
 * <pre>{@code
 * System.out.println(ExportCommand.documented("microsoft/Phi-3-mini-4k-instruct", modelDir));
 * }</pre>
 *
 * <p>It needs a Python environment of its own: {@code ./scripts/export --engine optimum} installs
 * it and runs the command.
 *
 * @param arguments the arguments after {@code optimum-cli}
 */
public record ExportCommand(List<String> arguments) {

  public ExportCommand {
    arguments = List.copyOf(arguments);
  }

  /**
   * The documented command: int4, symmetric, in groups of 128, for at most 60 % of the weights
   * inside the layers.
   *
   * @param model an id on the HuggingFace hub, or a local checkpoint
   * @param directory the model directory to make
   */
  public static ExportCommand documented(String model, Path directory) {
    return new ExportCommand(
        List.of(
            "export",
            "openvino",
            "--model",
            model,
            "--task",
            "text-generation-with-past",
            "--weight-format",
            "int4",
            "--group-size",
            "128",
            "--ratio",
            "0.6",
            "--sym",
            "--trust-remote-code",
            directory.toString()));
  }

  /** The command as one would type it. */
  @Override
  public String toString() {
    return "optimum-cli " + arguments.stream().map(ExportCommand::quoted).collect(joining(" "));
  }

  private static String quoted(String argument) {
    return argument.chars().anyMatch(Character::isWhitespace) ? "'" + argument + "'" : argument;
  }
}

package dev.ovchat.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
  /** One line, which {@code ./scripts/export --engine optimum} reads, too. */
  private static final String DOCUMENTED = "documented-command.txt";

  public ExportCommand {
    arguments = List.copyOf(arguments);
  }

  /**
   * The documented command: int4, symmetric, in groups of 128, for at most 60 % of the weights
   * inside the layers.
   */
  public static ExportCommand documented() {
    try (InputStream in = ExportCommand.class.getResourceAsStream(DOCUMENTED)) {
      List<String> words = List.of(new String(in.readAllBytes(), UTF_8).strip().split(" "));
      return new ExportCommand(words.subList(1, words.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The documented command for a model and a directory of one's own.
   *
   * @param model an id on the HuggingFace hub, or a local checkpoint
   * @param directory the model directory to make
   */
  public static ExportCommand documented(String model, Path directory) {
    List<String> arguments = new ArrayList<>(documented().arguments);
    arguments.set(arguments.indexOf("--model") + 1, model);
    arguments.set(arguments.size() - 1, directory.toString());
    return new ExportCommand(arguments);
  }

  /**
   * The value that the command gives to an option, {@code true} to a flag; empty for those that it
   * does not name.
   *
   * @param option a name with its dashes, such as {@code --ratio}
   */
  public Optional<String> value(String option) {
    int index = arguments.indexOf(option);
    if (index < 0) {
      return Optional.empty();
    }
    boolean flag = index == arguments.size() - 2 || arguments.get(index + 1).startsWith("--");
    return Optional.of(flag ? "true" : arguments.get(index + 1));
  }

  /** The model directory that the command makes. */
  public Path directory() {
    return Path.of(arguments.get(arguments.size() - 1));
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

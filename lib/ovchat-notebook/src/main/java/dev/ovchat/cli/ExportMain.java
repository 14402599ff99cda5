package dev.ovchat.cli;

import dev.ovchat.config.GenerationException;
import dev.ovchat.export.ExportException;
import dev.ovchat.files.UnusableFileException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of {@code ./scripts/export}, with the documented command's arguments. The exit
 * code is 0, 1 if the export failed, 2 if an argument is wrong, or 130 after Ctrl-C.
 */
public final class ExportMain {
  static final String OTHER_ENGINE = "If optimum-cli knows it, add --engine optimum.";

  /** Options of optimum-cli that NNCF refuses without a data set. */
  private static final Set<String> OF_A_DATA_SET =
      Set.of("--scale-estimation", "--gptq", "--lora-correction");

  private ExportMain() {}

  /** Runs the command. */
  public static void main(String[] arguments) {
    Interruption interruption = Interruption.ofThisThread();
    int exit;
    try {
      exit =
          ExportArguments.commandLine()
              .setParameterExceptionHandler((wrong, all) -> usage(wrong))
              .setExecutionExceptionHandler((e, command, parsed) -> failed(e, interruption))
              .execute(arguments);
    } finally {
      interruption.end(); // after an error, too: the end of the JVM waits for it
    }
    System.exit(exit);
  }

  private static int usage(ParameterException wrong) {
    System.err.println(sentence(wrong));
    System.err.println("See ./scripts/export --help.");
    return CommandLine.ExitCode.USAGE;
  }

  private static String sentence(ParameterException wrong) {
    return wrong instanceof UnmatchedArgumentException unknown && unknown.isUnknownOption()
        ? unknown(unknown.getUnmatched().get(0))
        : wrong.getMessage();
  }

  private static String unknown(String option) {
    return OF_A_DATA_SET.contains(option)
        ? "%s corrects weights by what the model computes for a data set, which the export from Java does not run; leave it out, or add --engine optimum and a --dataset, such as wikitext2."
            .formatted(option)
        : "Unknown option: '%s'. %s".formatted(option, OTHER_ENGINE);
  }

  private static int failed(Exception e, Interruption interruption) throws Exception {
    if (interruption.hasCome()) {
      System.err.println("The export was interrupted; nothing is left of it.");
    } else if (e instanceof ExportException
        || e instanceof UnusableFileException
        || e instanceof GenerationException) {
      System.err.println(e.getMessage());
    } else {
      throw e; // a defect: picocli prints where it is
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}

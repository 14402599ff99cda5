package dev.ovchat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has {@code scripts/download} bring a checkpoint from the HuggingFace hub into the hub's cache.
 */
final class HubDownload {
  private HubDownload() {}

  /**
   * Downloads what the cache lacks.
   *
   * @param program the script; its standard output is one line, the directory
   * @param model for instance {@code microsoft/Phi-3-mini-4k-instruct}
   * @param revision branch, tag or commit; the main branch if empty
   * @return the directory, or nothing where the program failed, which has said why
   */
  static Optional<Path> run(String program, String model, Optional<String> revision)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(program, model));
    revision.ifPresent(command::add);
    ProcessBuilder builder = new ProcessBuilder(command);
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (BufferedReader output = process.inputReader()) {
        int exit = process.waitFor(); // one line does not fill the pipe
        return exit == 0 ? Optional.of(Path.of(output.readLine())) : Optional.empty();
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

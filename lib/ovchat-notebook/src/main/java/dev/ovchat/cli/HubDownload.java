package dev.ovchat.cli;

import dev.ovchat.export.Checkpoint;
import dev.ovchat.export.Export;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Downloads a checkpoint from the HuggingFace hub into the hub's cache, by {@code
 * scripts/download}.
 *
 * @param program the script; its standard output is one line, the directory
 * @param model id of the model, for instance {@code microsoft/Phi-3-mini-4k-instruct}
 * @param revision branch, tag or commit; the main branch if empty
 */
record HubDownload(String program, String model, Optional<String> revision) {
  /**
   * Downloads the files that the cache lacks. The weights come last: the files beside them show
   * whether the export knows the model.
   *
   * @return the directory, or empty if the program failed, which has said why
   * @throws dev.ovchat.files.UnusableFileException if the export does not know the model
   */
  Optional<Path> checkpoint() throws InterruptedException {
    Optional<Path> description = run("--without-weights");
    description.ifPresent(Checkpoint::requireKnown);
    description.ifPresent(Export::requireLoadable);
    return description.isPresent() ? run() : description;
  }

  private Optional<Path> run(String... options) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(options));
    command.add(model);
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

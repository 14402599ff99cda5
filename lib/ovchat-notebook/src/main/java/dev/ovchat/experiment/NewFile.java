package dev.ovchat.experiment;

import dev.ovchat.files.AtomicFile;
import dev.ovchat.files.ReadableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is written as a whole. */
final class NewFile {
  private NewFile() {}

  /**
   * Writes a text in UTF-8. The old content stays until all of the new one is written.
   *
   * @throws ExperimentException if it cannot be written
   */
  static void write(Path path, String text) {
    try {
      // A link stays, and what it leads to is written.
      Path absolute = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
      if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
        throw new ExperimentException(
            "Cannot write %s: it is no regular file. Name another one.".formatted(path));
      }
      if (!Files.isDirectory(absolute.getParent())) {
        throw new ExperimentException(
            "Cannot write %s: there is no folder %s. Make it, or name another file."
                .formatted(path, absolute.getParent()));
      }
      AtomicFile.write(absolute, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new ExperimentException(
          "Cannot write %s: %s. Name another file.".formatted(path, ReadableFile.writeReason(e)),
          e);
    }
  }
}

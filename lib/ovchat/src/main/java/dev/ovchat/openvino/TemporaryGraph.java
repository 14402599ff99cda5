package dev.ovchat.openvino;

import dev.ovchat.files.ProcessFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** A graph that OpenVINO is to read from a file, although it is in none. */
final class TemporaryGraph {
  private TemporaryGraph() {}

  /**
   * Writes the graph to a temporary file, which is gone afterwards.
   *
   * @param text the IR; characters are bytes (ISO 8859-1)
   * @throws OpenVinoException if no temporary file can be written
   */
  static <T> T use(String text, Function<Path, T> reader) {
    try {
      Path file = ProcessFolder.newFile("graph", ".xml");
      try {
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        return reader.apply(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new OpenVinoException(
          "Cannot write a temporary file to " + System.getProperty("java.io.tmpdir") + ": " + e, e);
    }
  }
}

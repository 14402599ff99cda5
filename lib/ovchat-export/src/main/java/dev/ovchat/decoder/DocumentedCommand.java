package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The documented command's support of an architecture. The command needs an environment of 6 GB, so
 * a model that it cannot export is named before that is installed. The list comes from
 * optimum-intel, by {@code scripts/golden/golden_optimum.py}.
 */
final class DocumentedCommand {
  private static final String LIST = "optimum-intel.json";

  private DocumentedCommand() {}

  /**
   * Advice for a model that the export from Java does not know: sentences with a leading space.
   *
   * @param modelType transformers' name of the architecture
   */
  static String advice(String modelType) {
    JsonNode list = list();
    String optimum = "optimum-intel " + list.path("optimum-intel").asText();
    JsonNode transformers = list.path("architectures").path(modelType);
    if (transformers.isMissingNode()) {
      return " Nor does the documented command: %s generates no text with it. Take a model of another architecture."
          .formatted(optimum);
    }
    if (!transformers.asText().isEmpty()) {
      return " Nor does the documented command: %s exports it with transformers%s, and %s is installed beside it. Take a model that somebody has exported already, or export it by optimum-cli in an environment with such a version."
          .formatted(optimum, transformers.asText(), list.path("transformers").asText());
    }
    return " The documented command does: add --engine optimum to ./scripts/export.";
  }

  private static JsonNode list() {
    try (InputStream in = DocumentedCommand.class.getResourceAsStream(LIST)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

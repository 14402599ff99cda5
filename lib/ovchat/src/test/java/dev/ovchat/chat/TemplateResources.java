package dev.ovchat.chat;

import dev.ovchat.DemoModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The chat templates among the tests' resources, each in a copy of the demo model's directory. */
final class TemplateResources {
  private TemplateResources() {}

  /**
   * Loads a template.
   *
   * @param name path below {@code templates}, without its ending
   * @param folder where the copy is made
   */
  static ChatTemplate load(String name, Path folder) {
    try (InputStream in =
        TemplateResources.class.getResourceAsStream("/templates/" + name + ".jinja")) {
      Path directory = DemoModel.copyTo(folder.resolve(Path.of(name).getFileName()));
      Files.writeString(
          directory.resolve("chat_template.jinja"),
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return ChatTemplate.load(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

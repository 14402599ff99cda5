package dev.ovchat.export;

import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;

/** Exports in a process of its own: arguments are the checkpoint and targets, one after another. */
final class ExportProcess {
  private ExportProcess() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    for (int i = 1; i < arguments.length; i++) {
      try {
        Export.of(Path.of(arguments[0])).groupSize(-1).to(Path.of(arguments[i]));
        System.out.println("done");
      } catch (ExportException | UnusableFileException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
  }
}

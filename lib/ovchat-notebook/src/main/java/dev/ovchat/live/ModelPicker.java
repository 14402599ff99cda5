package dev.ovchat.live;

import dev.ovchat.files.ReadableFile;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.widget.Dropdown;
import dev.ovchat.widget.Widget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** List of the exported models below a folder, to choose one from. */
public final class ModelPicker {
  private static final int DEEPEST = 4; // folders below the first one

  private final Dropdown<Choice> list;

  private ModelPicker(List<Choice> choices, Choice chosen) {
    list = Dropdown.of(choices, chosen).description("Model");
    list.layout().width("max-content");
  }

  /** A model directory, as the list shows it: without the folder that all have in common. */
  private record Choice(Path modelDir, String name) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Makes the list, in which this model is chosen at first.
   *
   * @param folder folder below which exported models are looked for
   * @param modelDir one of them, or one from elsewhere, which is then in the list, too
   * @throws dev.ovchat.files.UnusableFileException if a folder cannot be read
   */
  public static ModelPicker of(Path folder, Path modelDir) {
    List<Choice> choices = new ArrayList<>();
    Choice chosen = new Choice(modelDir, modelDir.toString());
    for (Path found : modelsIn(folder, DEEPEST)) {
      boolean isChosen = absolute(found).equals(absolute(modelDir));
      Choice choice = new Choice(isChosen ? modelDir : found, folder.relativize(found).toString());
      choices.add(choice);
      chosen = isChosen ? choice : chosen;
    }
    if (!choices.contains(chosen)) {
      choices.add(0, chosen);
    }
    return new ModelPicker(choices, chosen);
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** Exported models, also behind links; what lies within one is a part of it. */
  private static List<Path> modelsIn(Path folder, int deepest) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    if (new ModelDirectory(folder).isComplete()) {
      return List.of(folder);
    }
    if (deepest == 0) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .sorted()
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .flatMap(entry -> modelsIn(entry, deepest - 1).stream())
          .toList();
    } catch (IOException e) {
      throw ReadableFile.unreadable(folder, e);
    }
  }

  /** The list, to be shown. */
  public Widget widget() {
    return list;
  }

  /** The directory of the model that is chosen. */
  public Path modelDir() {
    return list.value().modelDir();
  }
}

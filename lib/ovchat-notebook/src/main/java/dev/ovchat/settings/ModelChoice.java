package dev.ovchat.settings;

import dev.ovchat.modeldir.ModelDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that a notebook can work with.
 *
 * @param name the words for the model in a sentence, such as "the demo model"
 * @param modelDir the directory that it is exported to
 * @param checkpoint the checkpoint's directory or GGUF file that it is exported from; empty where
 *     the model is taken only if it has been exported already
 */
public record ModelChoice(String name, Path modelDir, Optional<Path> checkpoint) {
  /** Returns a model that can be exported from a checkpoint's directory or a GGUF file. */
  public static ModelChoice of(String name, String modelDir, String checkpoint) {
    return new ModelChoice(name, Path.of(modelDir), Optional.of(Path.of(checkpoint)));
  }

  /** Returns a model that is taken only where it has been exported. */
  public static ModelChoice exported(String name, String modelDir) {
    return new ModelChoice(name, Path.of(modelDir), Optional.empty());
  }

  /** Tests whether the model directory holds a model. */
  public boolean isExported() {
    return new ModelDirectory(modelDir).isComplete();
  }

  boolean isThere() {
    return isExported() || checkpoint.filter(Files::exists).isPresent();
  }

  /** The presence or absence of what the model can be had from, as a clause. */
  String state() {
    if (isExported() || checkpoint.isEmpty()) {
      return modelDir + (isExported() ? " has been exported" : " has not been exported");
    }
    return checkpoint.get() + (isThere() ? " is there" : " is not there");
  }

  /** Tests whether a directory is this model's, however its path is written. */
  public boolean isAt(Path directory) {
    return directory.toAbsolutePath().normalize().equals(modelDir.toAbsolutePath().normalize());
  }
}

package dev.ovchat.settings;

import dev.ovchat.export.Export;
import dev.ovchat.modeldir.ModelDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model, the checkpoint and the devices that a notebook works with, and why these.
 *
 * <pre>{@code
 * var settings = Settings.of(documentedDir, demoDir, demoCheckpoint);
 * System.out.println(settings);
 * }</pre>
 *
 * <p>The environment variables {@code MODEL_DIR} and {@code DEVICE} choose others; {@code
 * CHECKPOINT} is what {@code MODEL_DIR} can be exported from. One that is set to nothing counts as
 * not set.
 *
 * @param modelDir the model directory
 * @param checkpoint the checkpoint that can be exported to it; empty where none is known
 * @param devices names of devices, of which the first that this machine has is to be taken
 * @param reason the reason that the model was chosen, as the end of a sentence
 */
public record Settings(
    Path modelDir, Optional<Path> checkpoint, List<String> devices, String reason) {
  private static final String DEVICES = "GPU.0 CPU";

  /** Copies the list. */
  public Settings {
    devices = List.copyOf(devices);
  }

  /**
   * Chooses the documented model where it has been exported, and else the demo model.
   *
   * @param documentedDir the directory that the documented model is exported to
   * @param demoDir the directory that the demo model is exported to
   * @param demoCheckpoint the demo model's checkpoint
   */
  public static Settings of(Path documentedDir, Path demoDir, Path demoCheckpoint) {
    return of(documentedDir, demoDir, demoCheckpoint, System.getenv());
  }

  static Settings of(
      Path documentedDir, Path demoDir, Path demoCheckpoint, Map<String, String> environment) {
    Optional<Path> named = named(environment, "MODEL_DIR").map(Path::of);
    boolean isDocumentedThere = new ModelDirectory(documentedDir).isComplete();
    Path modelDir = named.orElse(isDocumentedThere ? documentedDir : demoDir);
    boolean isDemo = isSame(modelDir, demoDir);
    String reason;
    if (named.isPresent()) {
      reason = "MODEL_DIR says so";
    } else {
      reason =
          documentedDir + (isDocumentedThere ? " has been exported" : " has not been exported");
    }
    Optional<Path> checkpoint =
        isDemo ? Optional.of(demoCheckpoint) : named(environment, "CHECKPOINT").map(Path::of);
    String devices = named(environment, "DEVICE").orElse(DEVICES);
    return new Settings(
        modelDir,
        checkpoint,
        List.of(devices.split("\\s+")),
        (isDemo ? "the small demo model, since " : "since ") + reason);
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private static Optional<String> named(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Tests whether the model directory holds a model. */
  public boolean isExported() {
    return new ModelDirectory(modelDir).isComplete();
  }

  /**
   * The model directory; where it holds no model and there is a checkpoint, that is exported to it
   * first, as the documented command does.
   *
   * @throws dev.ovchat.export.ExportException if the checkpoint cannot be exported
   */
  public Path exportedModelDir() {
    if (!isExported()) {
      checkpoint.ifPresent(source -> Export.of(source).to(modelDir));
    }
    return modelDir;
  }

  /** The choice in three lines. */
  @Override
  public String toString() {
    return """
        Model: %s, %s.
        Checkpoint: %s.
        Devices: %s; the first that this machine has is taken."""
        .formatted(
            modelDir,
            reason,
            checkpoint.map(Path::toString).orElse("none; CHECKPOINT names one to export from"),
            String.join(", else ", devices));
  }
}

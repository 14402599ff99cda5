package dev.ovchat.settings;

import dev.ovchat.export.Export;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.modeldir.ModelDirectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The model, the checkpoint and the devices that a notebook works with, and why these.
 *
 * <pre>{@code
 * var large = ModelChoice.exported("the large model", "./model/large/int4");
 * var small = ModelChoice.of("the small model", "./model/small/int4", "../small-checkpoint");
 * var settings = Settings.firstOf(large, small);
 * System.out.println(settings);
 * }</pre>
 *
 * <p>The environment variables {@code MODEL_DIR} and {@code DEVICE} choose others; {@code
 * CHECKPOINT} is what {@code MODEL_DIR} can be exported from. One that is set to nothing counts as
 * not set.
 *
 * @param modelDir the model directory
 * @param checkpoint the checkpoint's directory or GGUF file that can be exported to it; empty where
 *     none is known
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
   * Chooses the first model that has been exported, or whose checkpoint is there; the last one if
   * none is.
   *
   * @param models one or more models, in the order of preference
   */
  public static Settings firstOf(ModelChoice... models) {
    return firstOf(List.of(models), System.getenv());
  }

  static Settings firstOf(List<ModelChoice> models, Map<String, String> environment) {
    List<String> devices =
        Arrays.asList(variable(environment, "DEVICE").orElse(DEVICES).split("\\s+"));
    Optional<Path> modelDir = variable(environment, "MODEL_DIR").map(Path::of);
    Optional<Path> checkpoint = variable(environment, "CHECKPOINT").map(Path::of);
    return modelDir
        .map(directory -> ofDirectory(directory, checkpoint, models, devices))
        .orElseGet(() -> ofFirst(models, checkpoint, devices));
  }

  private static Settings ofDirectory(
      Path modelDir, Optional<Path> checkpoint, List<ModelChoice> models, List<String> devices) {
    Optional<ModelChoice> known = models.stream().filter(model -> model.isAt(modelDir)).findFirst();
    return new Settings(
        modelDir,
        known.flatMap(ModelChoice::checkpoint).or(() -> checkpoint),
        devices,
        known.map(model -> model.name() + ", ").orElse("") + "since MODEL_DIR says so");
  }

  private static Settings ofFirst(
      List<ModelChoice> models, Optional<Path> checkpoint, List<String> devices) {
    ModelChoice last = models.get(models.size() - 1);
    ModelChoice chosen = models.stream().filter(ModelChoice::isThere).findFirst().orElse(last);
    List<ModelChoice> before = models.subList(0, models.indexOf(chosen));
    String reason =
        before.isEmpty()
            ? chosen.state()
            : before.stream().map(ModelChoice::state).collect(Collectors.joining(" and "));
    return new Settings(
        chosen.modelDir(),
        chosen.checkpoint().or(() -> checkpoint),
        devices,
        chosen.name() + ", since " + reason);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Tests whether the model directory holds a model. */
  public boolean isExported() {
    return new ModelDirectory(modelDir).isComplete();
  }

  /**
   * The checkpoint that can be exported to the model directory.
   *
   * @throws UnusableFileException if none is known; the message says how to get the model
   */
  public Path requiredCheckpoint() {
    return checkpoint.orElseThrow(
        () ->
            new UnusableFileException(
                "There is no model in %s, and no CHECKPOINT to export to it. Run ./scripts/export --model MODEL '%s'; MODEL is an id on the hub, a directory or a GGUF file. Or name another directory in MODEL_DIR, or none."
                    .formatted(modelDir, modelDir.toAbsolutePath().normalize())));
  }

  /**
   * The model directory; where it holds no model, the checkpoint is exported to it first: with the
   * documented command's values, or with a GGUF file's own weights.
   *
   * @throws UnusableFileException if no checkpoint is known, or it is not what it has to be
   * @throws dev.ovchat.export.ExportException if the export fails
   */
  public Path exportedModelDir() {
    if (!isExported()) {
      Export.of(requiredCheckpoint()).to(modelDir);
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

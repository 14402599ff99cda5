package dev.ovchat.cli;

import dev.ovchat.export.Export;
import dev.ovchat.export.ExportResult;
import dev.ovchat.files.FileTree;
import dev.ovchat.files.ProcessFolder;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.openvino.OpenVinoException;
import dev.ovchat.settings.ModelChoice;
import dev.ovchat.settings.Settings;
import dev.ovchat.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The helper jar's part of {@code ./scripts/doctor}: one OK or FAIL line each for the OpenVINO
 * runtime, the devices, the export of a small model, the tokenizer library and the model directory,
 * with a remedy beneath each FAIL. A check that needs a failed one is skipped. The exit code is the
 * number of FAIL lines.
 */
public final class Doctor {
  private static final Path CHECKPOINT = Path.of("../environment/demo-model/checkpoint");

  /** The models of the notebooks' settings, seen from their folder. */
  private static final Settings SETTINGS =
      Settings.firstOf(
          ModelChoice.exported("Phi-3-mini", "./model/phi3-instruct/int4"),
          ModelChoice.of(
              "SmolLM2",
              "./model/smollm2/original",
              "../environment/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),
          ModelChoice.of("the demo model", "./model/demo/int4", CHECKPOINT.toString()));

  /**
   * Command that restores the files of the set-up; the script knows which kind of set-up it was.
   */
  private static final String SET_UP = System.getProperty("ovchat.remedy", "./scripts/setup");

  /** Directory to which the checks export a small model; it is deleted at the end. */
  private final Path exported;

  private int failures;

  private Doctor(Path folder) {
    this.exported = folder.resolve("int4");
  }

  /**
   * Runs the checks. The working directory is the notebooks' folder, so that model directories are
   * found as in the notebooks.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = ProcessFolder.newDirectory("doctor");
    Doctor doctor = new Doctor(folder);
    try {
      doctor.checkAll();
    } finally {
      FileTree.delete(folder);
    }
    System.exit(doctor.failures);
  }

  private void checkAll() {
    boolean runtime = check("OpenVINO runtime", OpenVino::version, e -> runtimeRemedy());
    if (runtime) {
      check("devices", Doctor::devices, e -> "unset DEVICE");
    }
    boolean tokenizer =
        check("export", this::export, e -> SET_UP)
            && check("tokenizer library", this::tokenizer, e -> SET_UP);
    if (runtime && tokenizer) {
      check("model directory", this::model, this::modelRemedy);
    }
  }

  private static String devices() {
    String wanted = System.getenv("DEVICE");
    List<String> available = OpenVino.availableDevices();
    return wanted == null
        ? available.toString()
        : Device.firstAvailable(wanted.split(" ")) + " of " + available;
  }

  private String export() {
    // A bundle may have been made without the demo model, and with exported models alone.
    Optional<Path> source =
        Stream.concat(Stream.of(CHECKPOINT), SETTINGS.checkpoint().stream())
            .filter(Files::exists)
            .findFirst();
    if (source.isEmpty()) {
      return "not tried: there is no checkpoint here";
    }
    ExportResult result = Export.of(source.get()).to(exported);
    return String.format(Locale.ROOT, "%s in %d ms", source.get(), result.duration().toMillis());
  }

  private String tokenizer() {
    Path directory = Files.exists(exported) ? exported : SETTINGS.modelDir();
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      return tokenizer.encode("Is it there?").size() + " tokens for a test sentence";
    }
  }

  /** Loads the tokenizer and the model: a file may be there and yet be cut off. */
  private String model() {
    Path directory = modelDirectory();
    try (Tokenizer tokenizer = Tokenizer.load(directory);
        CausalLM model = CausalLM.load(directory, Device.of("CPU"), Map.of())) {
      return (directory.equals(exported)
              ? "what was exported above"
              : new ModelDirectory(directory))
          + ", "
          + model.config().modelType()
          + ", "
          + tokenizer.vocabSize()
          + " tokens";
    }
  }

  /**
   * The model directory that the notebooks use; where it has not been exported, the export made
   * here, since they export a model when they need it. One that {@code MODEL_DIR} names has to be
   * there.
   */
  private Path modelDirectory() {
    boolean isNamed = System.getenv("MODEL_DIR") != null;
    return isNamed || SETTINGS.isExported() ? SETTINGS.modelDir() : exported;
  }

  private static String runtimeRemedy() {
    return System.getenv("OPENVINO_LIBS") == null ? SET_UP : "unset OPENVINO_LIBS";
  }

  /**
   * Returns the remedy for a model that cannot be loaded. A failure in OpenVINO, such as too little
   * memory, is not the directory's fault.
   */
  private String modelRemedy(Throwable failure) {
    if (System.getenv("MODEL_DIR") != null) {
      return "unset MODEL_DIR";
    }
    Path directory = modelDirectory().toAbsolutePath().normalize();
    if (failure instanceof OpenVinoException || directory.equals(exported)) {
      return SET_UP;
    }
    String again =
        SETTINGS.checkpoint().isPresent() ? "the notebooks export it again" : "./scripts/export";
    return "rm -rf '%s' # then %s".formatted(directory, again);
  }

  private boolean check(
      String what, Callable<String> check, Function<Throwable, String> remedyFor) {
    try {
      System.out.printf(Locale.ROOT, "OK    %-22s %s%n", what, check.call());
      return true;
    } catch (Exception | LinkageError e) {
      System.out.printf(Locale.ROOT, "FAIL  %-22s %s%n", what, e.getMessage());
      System.out.printf(Locale.ROOT, "      %-22s → %s%n", "", remedyFor.apply(e));
      failures++;
      return false;
    }
  }
}

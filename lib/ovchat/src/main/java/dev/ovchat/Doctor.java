package dev.ovchat;

import dev.ovchat.checkpoint.ModelDirectory;
import dev.ovchat.export.Export;
import dev.ovchat.export.ExportResult;
import dev.ovchat.files.ProcessFolder;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * The helper jar's part of {@code ./scripts/doctor}: one OK or FAIL line each for the OpenVINO
 * runtime, the devices, the export of the demo model, the tokenizer library and the model
 * directory. The exit code counts the FAIL lines.
 */
public final class Doctor {
  private static final Path DOCUMENTED = Path.of("model/phi3-instruct/int4");
  private static final Path DEMO = Path.of("model/demo/int4");
  private static final Path CHECKPOINT = Path.of("../environment/demo-model/checkpoint");

  /** Where the demo model is exported for the checks: they leave nothing behind. */
  private final Path exported;

  private int failures;

  private Doctor(Path folder) {
    this.exported = folder.resolve("int4");
  }

  /** Runs in the notebooks' folder, so that the model directories are found as there. */
  public static void main(String[] arguments) throws IOException {
    Path folder = ProcessFolder.newDirectory("doctor");
    Doctor doctor = new Doctor(folder);
    try {
      doctor.check("OpenVINO runtime", OpenVino::version);
      doctor.check("devices", Doctor::devices);
      doctor.check("export", doctor::export);
      doctor.check("tokenizer library", doctor::tokenizer);
      doctor.check("model directory", doctor::model);
    } finally {
      delete(folder);
    }
    System.exit(doctor.failures);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(folder)) {
      paths = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }

  private static String devices() {
    String wanted = System.getenv("DEVICE");
    List<String> available = OpenVino.availableDevices();
    return wanted == null ? available.toString() : Device.of(wanted) + " of " + available;
  }

  private String export() {
    ExportResult result = Export.of(CHECKPOINT).to(exported);
    return String.format(Locale.ROOT, "the demo model in %d ms", result.duration().toMillis());
  }

  private String tokenizer() {
    try (Tokenizer tokenizer = Tokenizer.load(exported)) {
      return tokenizer.encode("Is it there?").size() + " tokens for a test sentence";
    }
  }

  /** Loads all of it: a file may be there and yet be cut off. */
  private String model() {
    Path directory = modelDirectory();
    try (Tokenizer tokenizer = Tokenizer.load(directory);
        CausalLM model = CausalLM.load(directory, Device.of("CPU"), Map.of())) {
      return (directory.equals(exported) ? "the demo model" : new ModelDirectory(directory))
          + ", "
          + model.config().modelType()
          + ", "
          + tokenizer.vocabSize()
          + " tokens";
    }
  }

  /** That of the notebooks; they export the demo model when they need it. */
  private Path modelDirectory() {
    String named = System.getenv("MODEL_DIR");
    if (named != null) {
      return Path.of(named);
    }
    return Stream.of(DOCUMENTED, DEMO)
        .filter(directory -> new ModelDirectory(directory).isComplete())
        .findFirst()
        .orElse(exported);
  }

  private void check(String what, Callable<String> check) {
    try {
      System.out.printf("OK    %-22s %s%n", what, check.call());
    } catch (Exception | LinkageError e) {
      // Each message ends with its remedy.
      System.out.printf("FAIL  %-22s %s%n", what, e.getMessage());
      failures++;
    }
  }
}

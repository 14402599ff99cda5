package dev.ovchat;

import dev.ovchat.checkpoint.ModelDirectory;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The helper jar's part of {@code ./scripts/doctor}: one OK or FAIL line each for the OpenVINO
 * runtime, the devices, the tokenizer library and the model directory. The exit code counts the
 * FAIL lines.
 */
public final class Doctor {
  private static final Path DOCUMENTED = Path.of("model/phi3-instruct/int4");
  private static final Path DEMO = Path.of("../environment/demo-model/int4");

  private int failures;

  private Doctor() {}

  /** Runs in the notebooks' folder, so that the model directories are found as there. */
  public static void main(String[] arguments) {
    Doctor doctor = new Doctor();
    doctor.check("OpenVINO runtime", OpenVino::version);
    doctor.check("devices", Doctor::devices);
    doctor.check("tokenizer library", Doctor::tokenizer);
    doctor.check("model directory", Doctor::model);
    System.exit(doctor.failures);
  }

  private static String devices() {
    String wanted = System.getenv("DEVICE");
    List<String> available = OpenVino.availableDevices();
    return wanted == null ? available.toString() : Device.of(wanted) + " of " + available;
  }

  private static String tokenizer() {
    try (Tokenizer tokenizer = Tokenizer.load(DEMO)) {
      return tokenizer.encode("Is it there?").size() + " tokens for a test sentence";
    }
  }

  /** Loads all of it: a file may be there and yet be cut off. */
  private static String model() {
    Path directory = modelDirectory();
    try (Tokenizer tokenizer = Tokenizer.load(directory);
        CausalLM model = CausalLM.load(directory, Device.of("CPU"), Map.of())) {
      return new ModelDirectory(directory)
          + ", "
          + model.config().modelType()
          + ", "
          + tokenizer.vocabSize()
          + " tokens";
    }
  }

  private static Path modelDirectory() {
    String named = System.getenv("MODEL_DIR");
    if (named != null) {
      return Path.of(named);
    }
    return new ModelDirectory(DOCUMENTED).isComplete() ? DOCUMENTED : DEMO;
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

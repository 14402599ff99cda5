package dev.ovchat.generate;

import dev.ovchat.files.UnusableFileException;
import dev.ovchat.openvino.Device;
import java.nio.file.Path;
import java.util.Map;

/** Loads a model in a process of its own; the argument is its directory. */
final class ModelLoad {
  private ModelLoad() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    try (CausalLM model = CausalLM.load(Path.of(arguments[0]), Device.of("CPU"), Map.of())) {
      System.out.println("loaded: " + model.device());
    } catch (UnusableFileException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}

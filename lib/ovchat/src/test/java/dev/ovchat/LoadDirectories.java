package dev.ovchat;

import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Loads tokenizer and model of each directory that is named; prints a line for each of the two. */
final class LoadDirectories {
  private LoadDirectories() {}

  public static void main(String[] directories) {
    for (String directory : directories) {
      Path path = Path.of(directory);
      System.out.println(outcome(() -> Tokenizer.load(path)));
      System.out.println(outcome(() -> CausalLM.load(path, new Device("CPU"), DemoModel.ACCURATE)));
    }
  }

  private static String outcome(Callable<AutoCloseable> load) {
    try (AutoCloseable loaded = load.call()) {
      return "loaded";
    } catch (Exception e) {
      return e.getMessage();
    }
  }
}

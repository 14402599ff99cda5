package dev.ovchat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a class of the tests in a JVM of its own: for what may end the process, for what the native
 * libraries print, and for another environment.
 */
public final class ChildJvm {
  /** Root may read every file. These capabilities are what lets it; without them it may not. */
  private static final List<String> WITHOUT_RIGHT_TO_READ_ALL =
      List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");

  private final List<String> prefix = new ArrayList<>();
  private final Map<String, String> variables;

  /**
   * What came of it.
   *
   * @param output lines of standard output
   * @param errors all that came on standard error
   */
  public record Outcome(int exitCode, List<String> output, String errors) {}

  /**
   * @param variables environment variables beside those of this process
   */
  public ChildJvm(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Lets the permissions of files hold for the child, also where root runs the tests. */
  public ChildJvm withPermissionsInForce() {
    if (System.getProperty("user.name").equals("root")) {
      prefix.addAll(WITHOUT_RIGHT_TO_READ_ALL);
    }
    return this;
  }

  /** Runs {@code main} of a class to its end, however long it takes, within reason. */
  public Outcome run(Class<?> main, Path folder, List<String> arguments) {
    Path output = folder.resolve(main.getSimpleName() + ".out");
    Path errors = folder.resolve(main.getSimpleName() + ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command(main, arguments))
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(variables);
      Process process = builder.start();
      if (!process.waitFor(30, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(main + " did not end; its output is in " + output);
      }
      return new Outcome(process.exitValue(), Files.readAllLines(output), Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private List<String> command(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:TieredStopAtLevel=1"); // it runs for a moment
    for (String name : List.of("openvino.libs", "org.bytedeco.javacpp.cachedir")) {
      if (System.getProperty(name) != null && !variables.containsKey("OPENVINO_LIBS")) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.addAll(
        List.of("-XX:-CreateCoredumpOnCrash", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }
}

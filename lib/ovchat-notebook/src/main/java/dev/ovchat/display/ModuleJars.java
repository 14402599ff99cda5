package dev.ovchat.display;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Jars of modules that set-up builds on demand, which are not on the kernel's class path. */
final class ModuleJars {
  private ModuleJars() {}

  /** The folder that set-up builds a module in, beside this jar's. */
  static Path target(String module) {
    var source = ModuleJars.class.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI())
          .resolve("../../../" + module + "/target")
          .normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("ovchat's jar has no place on the disk: " + source + ".", e);
    }
  }

  /** The jars of a folder, but for those that the kernel has already, in their names' order. */
  static List<Path> unknown(Path folder, Path target) {
    List<String> known =
        list(target.resolve("../../ovchat-notebook/target/dependency")).stream()
            .map(ModuleJars::name)
            .toList();
    return list(folder).stream()
        .filter(file -> name(file).endsWith(".jar") && !known.contains(name(file)))
        .sorted()
        .toList();
  }

  /** Adds jars to the class path of the cells that come later; in a plain program, nothing. */
  static void add(List<Path> jars) {
    Display.kernel().ifPresent(kernel -> jars.forEach(jar -> add(kernel, jar)));
  }

  private static void add(Kernel kernel, Path jar) {
    try {
      kernel.addToClassPath(jar);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This kernel takes no further jars: it is not one that ovchat knows.", e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new IllegalStateException("The jars in " + folder + " cannot be read: " + e, e);
    }
  }
}

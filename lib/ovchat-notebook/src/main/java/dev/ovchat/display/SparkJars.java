package dev.ovchat.display;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Apache Spark for the cells of a notebook. It is too large for those who do not use it, so it is
 * neither on the kernel's class path nor installed with the rest.
 */
public final class SparkJars {
  private static final String MODULE = "../../../ovchat-spark/target";

  private static boolean isAdded;

  private SparkJars() {}

  /**
   * Adds Spark and ovchat's module for it to the class path of the cells that come later. In a
   * plain Java program, which names its class path itself, it does nothing.
   *
   * @throws IllegalStateException if Spark is not installed
   */
  public static synchronized void add() {
    if (!isAdded) {
      Display.kernel().ifPresent(kernel -> jars(module()).forEach(jar -> add(kernel, jar)));
      isAdded = true;
    }
  }

  private static void add(Kernel kernel, Path jar) {
    try {
      kernel.addToClassPath(jar);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This kernel takes no further jars: it is not one that ovchat knows.", e);
    }
  }

  /** The folder that set-up builds the module in, beside this jar's. */
  private static Path module() {
    var source = SparkJars.class.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI()).resolve(MODULE).normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("ovchat's jar has no place on the disk: " + source + ".", e);
    }
  }

  /**
   * The module's jar and Spark's, but for those that the kernel has already.
   *
   * @throws IllegalStateException if they are not there
   */
  static List<Path> jars(Path module) {
    Path own = module.resolve("ovchat-spark.jar");
    Path spark = module.resolve("spark");
    if (!Files.exists(own) || !Files.isDirectory(spark)) {
      throw new IllegalStateException(
          "Apache Spark is not installed. ./scripts/setup spark brings it, 800 MB to download; then restart the kernel.");
    }
    List<Path> jars = new ArrayList<>(List.of(own));
    Set<String> known = names(module.resolve("../../ovchat-notebook/target/dependency"));
    try (Stream<Path> files = Files.list(spark)) {
      files
          .filter(file -> file.toString().endsWith(".jar"))
          .filter(file -> !known.contains(file.getFileName().toString()))
          .sorted()
          .forEach(jars::add);
    } catch (IOException e) {
      throw new IllegalStateException("Spark's jars in " + spark + " cannot be read: " + e, e);
    }
    return jars;
  }

  private static Set<String> names(Path folder) {
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (IOException e) {
      throw new IllegalStateException("The jars in " + folder + " cannot be read: " + e, e);
    }
    return names;
  }
}

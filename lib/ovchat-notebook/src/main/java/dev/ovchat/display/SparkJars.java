package dev.ovchat.display;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Apache Spark for the cells of a notebook. It is too large for those who do not use it, so it is
 * neither on the kernel's class path nor installed with the rest.
 */
public final class SparkJars {
  private static boolean isAdded;

  private SparkJars() {}

  /**
   * Adds Spark and ovchat's module for it to the class path of the cells that come later. In a
   * plain Java program, which names its class path itself, it does nothing.
   *
   * @throws IllegalStateException if Spark is not installed
   */
  public static synchronized void add() {
    if (!isAdded && Display.kernel().isPresent()) {
      ModuleJars.add(jars(ModuleJars.target("ovchat-spark")));
      isAdded = true;
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
    jars.addAll(ModuleJars.unknown(spark, module));
    return jars;
  }
}

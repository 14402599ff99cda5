package dev.ovchat.display;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * LangChain4j and Spring AI for the cells of a notebook. Programs have them as dependencies; the
 * kernel does without.
 */
public final class ProgramJars {
  private static final List<String> MODULES = List.of("ovchat-langchain4j", "ovchat-spring-ai");

  private static boolean isAdded;

  private ProgramJars() {}

  /**
   * Adds both, and ovchat's modules for them, to the class path of the cells that come later. In a
   * plain Java program, which names its class path itself, it does nothing.
   *
   * @throws IllegalStateException if they are not installed
   */
  public static synchronized void add() {
    if (!isAdded && Display.kernel().isPresent()) {
      ModuleJars.add(jars(MODULES.stream().map(ModuleJars::target).toList()));
      isAdded = true;
    }
  }

  /**
   * The modules' jars and what they stand on, but for what the kernel has already.
   *
   * @throws IllegalStateException if they are not there
   */
  static List<Path> jars(List<Path> modules) {
    List<Path> jars = new ArrayList<>();
    for (Path module : modules) {
      Path own = module.resolve(module.getParent().getFileName() + ".jar");
      Path dependency = module.resolve("dependency");
      if (!Files.exists(own) || !Files.isDirectory(dependency)) {
        throw new IllegalStateException(
            "LangChain4j and Spring AI are not installed. ./scripts/setup programs brings them, 40 MB to download; then restart the kernel.");
      }
      jars.add(own);
      jars.addAll(ModuleJars.unknown(dependency, module));
    }
    return jars;
  }
}

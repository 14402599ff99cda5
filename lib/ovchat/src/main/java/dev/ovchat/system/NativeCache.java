package dev.ovchat.system;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that native libraries are unpacked to before they are loaded.
 *
 * <p>It is the one that the system property {@value #PROPERTY} names, else the environment variable
 * {@value #VARIABLE}. Where neither does, JavaCPP and DJL choose their own: {@code
 * ~/.javacpp/cache} and {@code ~/.djl.ai}, or one below {@code java.io.tmpdir} where the home
 * directory cannot be written to.
 */
public final class NativeCache {
  /** System property that names the folder. */
  public static final String PROPERTY = "ovchat.cache";

  /** Environment variable that names the folder. */
  public static final String VARIABLE = "OVCHAT_CACHE";

  private NativeCache() {}

  /**
   * The folder that a library unpacks to, if one is named.
   *
   * @param library a name for it, such as {@code javacpp}
   */
  public static Optional<Path> of(String library) {
    return Stream.of(System.getProperty(PROPERTY, ""), System.getenv().getOrDefault(VARIABLE, ""))
        .filter(name -> !name.isBlank())
        .findFirst()
        .map(name -> Path.of(name).toAbsolutePath().resolve(library));
  }
}

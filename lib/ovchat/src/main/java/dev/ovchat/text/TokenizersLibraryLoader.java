package dev.ovchat.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Utils;
import dev.ovchat.system.NativeCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Loads DJL's native tokenizer library, from DJL's own jar.
 *
 * <p>DJL looks for the jar's files by the thread's class loader, downloads another library where it
 * finds an Nvidia GPU, and unpacks to one place, from which a second class loader cannot load. All
 * of it is decided by system properties and the thread at the moment of loading.
 */
final class TokenizersLibraryLoader {
  /** System property that says to other class loaders of this JVM that one has the library. */
  private static final String LOADED = "dev.ovchat.tokenizers.loaded";

  private static final String DJL_ENGINES = "ENGINE_CACHE_DIR";
  private static final String JNA_FOLDER = "jna.tmpdir";

  private static boolean here;

  private TokenizersLibraryLoader() {}

  /**
   * Loads the library at the first call.
   *
   * @throws TokenizerException if it cannot be loaded, at this call and each further one
   */
  static void require() {
    // A constant is the same object for all class loaders. The one that JavaCPP locks for all of
    // them would not do: the JVM calls JavaCPP while it loads OpenVINO's library on another thread,
    // and loads no other library meanwhile.
    synchronized (LOADED) {
      if (!here) {
        load();
        System.setProperty(LOADED, "true");
        here = true;
      }
    }
  }

  private static void load() {
    Optional<Path> own = ownFolder();
    Map<String, String> before = set(settings(own));
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    thread.setContextClassLoader(LibUtils.class.getClassLoader());
    try {
      LibUtils.checkStatus();
    } catch (EngineException e) {
      throw new TokenizerException(
          """
          DJL's native tokenizer library cannot be loaded: %s Its folder, %s, has to be one that you \
          can write to; DJL_CACHE_DIR names another."""
              .formatted(reason(e), Utils.getEngineCacheDir()),
          e);
    } finally {
      thread.setContextClassLoader(context);
      set(before);
      own.ifPresent(Utils::deleteQuietly); // what is loaded stays in memory
    }
  }

  private static String reason(EngineException failure) {
    return failure.getCause() == null || failure.getCause().getMessage() == null
        ? failure.getMessage()
        : "%s %s.".formatted(failure.getMessage(), failure.getCause().getMessage());
  }

  /** A folder for this class loader alone, where another one has loaded from the usual one. */
  private static Optional<Path> ownFolder() {
    if (System.getProperty(LOADED) == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.createTempDirectory("ovchat-tokenizers"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "A second class loader needs a copy of DJL's tokenizer library: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> settings(Optional<Path> own) {
    Map<String, String> settings = new HashMap<>();
    if (!isSet("RUST_FLAVOR")) {
      settings.put("RUST_FLAVOR", "cpu");
    }
    if (own.isPresent()) {
      settings.put(DJL_ENGINES, own.get().toString());
    } else if (!isSet(DJL_ENGINES) && !isSet("DJL_CACHE_DIR")) {
      NativeCache.of("djl").ifPresent(folder -> settings.put(DJL_ENGINES, folder.toString()));
    }
    if (!isSet(JNA_FOLDER)) { // of JNA, by which DJL looks for a GPU
      NativeCache.of("jna").ifPresent(folder -> settings.put(JNA_FOLDER, folder.toString()));
    }
    return settings;
  }

  private static boolean isSet(String name) {
    return Utils.getEnvOrSystemProperty(name) != null;
  }

  /**
   * Sets system properties.
   *
   * @param values what to set; null where a property is to be removed
   * @return the values before
   */
  private static Map<String, String> set(Map<String, String> values) {
    Map<String, String> before = new HashMap<>();
    values.forEach(
        (name, value) ->
            before.put(
                name,
                value == null ? System.clearProperty(name) : System.setProperty(name, value)));
    return before;
  }
}

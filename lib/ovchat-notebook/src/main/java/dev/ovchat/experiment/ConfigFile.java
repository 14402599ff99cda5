package dev.ovchat.experiment;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.JsonText;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * An OpenVINO config in a JSON file: one object of keys and values, all of them texts.
 *
 * <pre>{@code
 * ConfigFile.save(Path.of("ov-config.json"), Map.of("PERFORMANCE_HINT", "LATENCY"));
 * ConfigFile.load(Path.of("ov-config.json"))   // {PERFORMANCE_HINT=LATENCY}
 * }</pre>
 */
public final class ConfigFile {
  /** A limit far above any real file (some hundred bytes). */
  private static final long LARGEST = 1_000_000;

  private static final String REMEDY = " Save the config again: ConfigFile.save(path, config).";

  private ConfigFile() {}

  /**
   * Writes a config, with its keys in alphabetical order. The old content stays until all of the
   * new one is written.
   *
   * @throws ExperimentException if a key or a value is not set, or the file cannot be written
   */
  public static void save(Path path, Map<String, String> config) {
    config.forEach(ConfigFile::requireSet);
    NewFile.write(path, JsonText.inLines(new TreeMap<>(config)) + "\n");
  }

  private static void requireSet(String key, String value) {
    if (key == null || value == null) {
      throw new ExperimentException(
          "The config has %s=%s; keys and values are texts.".formatted(key, value));
    }
  }

  /**
   * Reads a config.
   *
   * @return keys and values in alphabetical order of the keys; unmodifiable
   * @throws UnusableFileException if the file is missing, is not JSON, or holds anything but texts
   */
  public static Map<String, String> load(Path path) {
    return Collections.unmodifiableMap(new TreeMap<>(JsonFile.read(path, LARGEST, REMEDY).texts()));
  }

  /**
   * Reads a config if there is one.
   *
   * @return the same as {@link #load}; empty if the file is missing
   * @throws UnusableFileException if there is a file, and it is not JSON or holds anything but
   *     texts
   */
  public static Map<String, String> loadIfThere(Path path) {
    return Files.exists(path) ? load(path) : Map.of();
  }
}

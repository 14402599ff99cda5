package dev.ovchat.export;

import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.JsonText;
import dev.ovchat.files.ReadableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * optimum-intel's list of int4 values by the model, {@code optimum-int4.json}, which {@code
 * scripts/golden/golden_int4_defaults.py} makes. The names of the values are optimum-intel's.
 */
final class OptimumInt4 {
  private static final Map<String, Object> LIST = list();
  private static final Map<?, ?> MODELS = (Map<?, ?>) LIST.get("models");

  /** The values that {@link Int4Defaults} knows. */
  private static final Set<String> KNOWN =
      Set.of(
          "bits",
          "sym",
          "group_size",
          "ratio",
          "all_layers",
          "backup_precision",
          "group_size_fallback",
          "quant_method",
          "dataset",
          "scale_estimation",
          "dq_group_size");

  private OptimumInt4() {}

  private static Map<String, Object> list() {
    try (InputStream in = OptimumInt4.class.getResourceAsStream("optimum-int4.json")) {
      return JsonText.map(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version of optimum-intel. */
  static String version() {
    return (String) LIST.get("optimum-intel");
  }

  /** The id of the entry that optimum-cli takes for a model; empty where it has none. */
  static Optional<String> entry(String model) {
    Path path = Path.of(model);
    return Optional.of(model)
        .filter(MODELS::containsKey)
        .or(() -> nameInConfig(path).filter(MODELS::containsKey))
        .or(() -> ofLastPart(String.valueOf(path.getFileName())));
  }

  private static Optional<String> nameInConfig(Path directory) {
    return Optional.of(directory)
        .filter(Files::isDirectory) // a path in a file cannot be looked up
        .map(path -> path.resolve(FileNames.CONFIG))
        .filter(ReadableFile::isThere)
        .map(config -> JsonFile.read(config).text("_name_or_path", ""));
  }

  private static Optional<String> ofLastPart(String name) {
    return MODELS.keySet().stream()
        .map(String.class::cast)
        .filter(id -> id.substring(id.lastIndexOf('/') + 1).equals(name))
        .findFirst();
  }

  /**
   * The values of an entry, or the general ones.
   *
   * @throws ExportException if parts of the model have values of their own
   */
  static JsonFile values(Optional<String> entry) {
    Object found = entry.<Object>map(MODELS::get).orElse(LIST.get("default"));
    Map<String, Object> values = new LinkedHashMap<>();
    ((Map<?, ?>) found).forEach((name, value) -> values.put((String) name, value));
    for (String name : values.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new ExportException(
            "optimum-intel %s compresses parts of %s each in its own way (%s), which the export from Java does not; choose a group size, a ratio and whether groups are symmetric yourself, or let ./scripts/export do it with --engine optimum."
                .formatted(version(), entry.orElseThrow(), name));
      }
    }
    return JsonFile.of(Path.of("optimum-int4.json"), values);
  }
}

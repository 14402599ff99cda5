package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Settings of a LoRA adapter, from {@code adapter_config.json}. Its patterns are PEFT's: regular
 * expressions for the end of a module's name, from a dot on; the first one that matches counts.
 *
 * @param rank rank of the modules that no rank pattern matches
 * @param alpha alpha of the modules that no alpha pattern matches
 * @param isRankStabilized whether alpha is divided by √rank, not by the rank
 */
record AdapterConfig(
    int rank,
    double alpha,
    boolean isRankStabilized,
    Map<Pattern, Double> rankPatterns,
    Map<Pattern, Double> alphaPatterns) {

  /** A limit above any real rank. */
  private static final int LARGEST_RANK = 4096;

  /**
   * Reads the file.
   *
   * @throws UnusableFileException if it is missing or damaged, or the adapter is not plain LoRA
   */
  static AdapterConfig read(Path file) {
    JsonFile json = JsonFile.read(file);
    PlainLora.require(json);
    return new AdapterConfig(
        rank(json, "r"),
        alpha(json, "lora_alpha"),
        json.truth("use_rslora", false),
        patterns(json, "rank_pattern", AdapterConfig::rank),
        patterns(json, "alpha_pattern", AdapterConfig::alpha));
  }

  private static int rank(JsonFile json, String field) {
    int rank = json.size(field);
    if (rank > LARGEST_RANK) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: the rank %s is %d; ranks up to %d are merged.",
              json.path(),
              Excerpt.of(field),
              rank,
              LARGEST_RANK));
    }
    return rank;
  }

  private static double alpha(JsonFile json, String field) {
    return json.number(field)
        .orElseThrow(
            () ->
                new UnusableFileException(
                    "%s lacks the field %s.".formatted(json.path(), Excerpt.of(field))));
  }

  private static Map<Pattern, Double> patterns(
      JsonFile json, String field, ToDoubleBiFunction<JsonFile, String> value) {
    Map<Pattern, Double> patterns = new LinkedHashMap<>();
    Optional<JsonFile> object = json.object(field);
    if (object.isPresent()) {
      object
          .get()
          .root()
          .fieldNames()
          .forEachRemaining(
              key ->
                  patterns.put(pattern(json, field, key), value.applyAsDouble(object.get(), key)));
    }
    return patterns;
  }

  private static Pattern pattern(JsonFile json, String field, String key) {
    try {
      return Pattern.compile("(.*\\.)?(" + key + ")$");
    } catch (PatternSyntaxException e) {
      throw new UnusableFileException(
          "%s: %s names %s, which is not a regular expression that is known here; write the modules' names in its place."
              .formatted(json.path(), field, Excerpt.of(key)),
          e);
    }
  }

  /** The rank of a module, by its name in the model. */
  int rank(String module) {
    return (int) first(rankPatterns, module, rank);
  }

  /** The factor of a module's product of matrices. */
  double scale(String module) {
    double divisor = isRankStabilized ? Math.sqrt(rank(module)) : rank(module);
    return first(alphaPatterns, module, alpha) / divisor;
  }

  private static double first(Map<Pattern, Double> patterns, String module, double otherwise) {
    return patterns.entrySet().stream()
        .filter(each -> each.getKey().matcher(module).lookingAt())
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(otherwise);
  }
}

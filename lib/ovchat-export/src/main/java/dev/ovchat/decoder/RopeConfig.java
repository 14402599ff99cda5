package dev.ovchat.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * Settings of a model's rotary position embedding, which turns positions into angles: {@code
 * rope_parameters} of {@code config.json}, or in older checkpoints {@code rope_scaling} and {@code
 * rope_theta}.
 *
 * @param type transformers' {@code rope_type}: default, linear, dynamic, yarn, llama3 or longrope
 * @param theta the base of the wavelengths
 * @param partialRotaryFactor the share of a head's dimensions that is rotated
 * @param maxPositions the longest sequence in tokens
 * @param originalMaxPositions the longest sequence of the training before the context was extended
 * @param values the numbers that the type needs, under transformers' names, as far as given
 * @param shortFactor longrope's factors up to the original length, one for each pair of dimensions
 * @param longFactor longrope's factors beyond the original length
 */
public record RopeConfig(
    String type,
    double theta,
    double partialRotaryFactor,
    int maxPositions,
    int originalMaxPositions,
    Map<String, Double> values,
    List<Double> shortFactor,
    List<Double> longFactor) {
  /** Growth of the queries behind the original length, of Llama 4 and Ministral 3. */
  public static final String QUERY_SCALING = "llama_4_scaling_beta";

  private static final List<String> TYPES =
      List.of("default", "linear", "dynamic", "yarn", "llama3", "longrope");

  public RopeConfig {
    values = Map.copyOf(values);
    shortFactor = List.copyOf(shortFactor);
    longFactor = List.copyOf(longFactor);
  }

  /** Reads the settings for layers with full attention. */
  static RopeConfig read(JsonFile config, Architecture architecture) {
    JsonFile rope = architecture.ropeFields(config);
    return of(rope, config, architecture, "rope_theta", architecture.defaultRopeTheta());
  }

  /**
   * Takes the settings out of {@code rope}, and what older checkpoints have beside it out of {@code
   * config}.
   *
   * @param baseField the field of {@code config} for {@code rope_theta}
   */
  static RopeConfig of(
      JsonFile rope,
      JsonFile config,
      Architecture architecture,
      String baseField,
      double defaultTheta) {
    String type = architecture.ropeType(rope.text("rope_type", rope.text("type", "default")));
    if (!TYPES.contains(type)) {
      throw new UnusableFileException(
          "%s asks for a rotary embedding of type %s; the export from Java knows %s.%s"
              .formatted(config.path(), type, String.join(", ", TYPES), DecoderConfig.OTHERWISE));
    }
    int max = config.size("max_position_embeddings");
    return new RopeConfig(
        type,
        number(rope, "rope_theta", config, baseField, defaultTheta),
        number(rope, "partial_rotary_factor", config, "partial_rotary_factor", 1),
        max,
        originalMax(rope, config, architecture.defaultOriginalMaxPositions(max)),
        values(rope),
        factors(rope, "short_factor"),
        factors(rope, "long_factor"));
  }

  /** The plain embedding of another base. */
  RopeConfig plain(double base) {
    return new RopeConfig(
        "default",
        base,
        partialRotaryFactor,
        maxPositions,
        originalMaxPositions,
        Map.of(),
        List.of(),
        List.of());
  }

  /**
   * Reads a number from {@code rope}, or else from {@code config}, where older checkpoints have it.
   */
  private static double number(
      JsonFile rope, String name, JsonFile config, String olderName, double otherwise) {
    boolean isInRope = rope.number(name).isPresent();
    JsonFile place = isInRope ? rope : config;
    String field = isInRope ? name : olderName;
    double number = place.number(field).orElse(otherwise);
    if (number <= 0) {
      throw place.wrong(field, "a number above 0", place.root().path(field));
    }
    return number;
  }

  /**
   * Reads the original length; {@code config} has precedence over {@code rope}, since Phi-3 has it
   * there.
   */
  private static int originalMax(JsonFile rope, JsonFile config, int otherwise) {
    String field = "original_max_position_embeddings";
    if (config.value(field).isPresent()) {
      return config.size(field);
    }
    return rope.value(field).isPresent() ? rope.size(field) : otherwise;
  }

  private static Map<String, Double> values(JsonFile rope) {
    Map<String, Double> values = new TreeMap<>();
    rope.root()
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isNumber()) {
                values.put(field.getKey(), field.getValue().doubleValue());
              } else if (field.getValue().isBoolean()) {
                values.put(field.getKey(), field.getValue().booleanValue() ? 1.0 : 0.0);
              }
            });
    return values;
  }

  private static List<Double> factors(JsonFile rope, String field) {
    JsonNode factors = rope.root().path(field);
    return StreamSupport.stream(factors.spliterator(), false)
        .map(
            factor -> {
              if (!factor.isNumber()) {
                throw rope.wrong(field, "a list of numbers", factors);
              }
              return factor.doubleValue();
            })
        .toList();
  }

  /** A number that the type needs. */
  public double value(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new UnusableFileException(
          "config.json asks for a rotary embedding of type %s and lacks its %s."
              .formatted(type, name));
    }
    return value;
  }

  /** A number that may be missing. */
  public double value(String name, double otherwise) {
    return values.getOrDefault(name, otherwise);
  }
}

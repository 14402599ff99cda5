package dev.ovchat.decoder.layers;

import dev.ovchat.decoder.RopeConfig;
import dev.ovchat.files.UnusableFileException;
import java.util.List;
import java.util.Locale;

/**
 * Rotation frequency of each pair of dimensions: transformers' {@code ROPE_INIT_FUNCTIONS}, in f32
 * as there.
 */
final class RotaryFrequencies {
  /** A limit far above any real value (100). */
  private static final float LARGEST = 1e6f;

  private final RopeConfig rope;
  private final int dim;

  /**
   * @param dim the number of rotated dimensions of a head
   */
  RotaryFrequencies(RopeConfig rope, int dim) {
    this.rope = rope;
    this.dim = dim;
  }

  /** Angles per position, one for each of the dim / 2 pairs. */
  float[] values() {
    return requireUsable(valuesOfType());
  }

  private float[] valuesOfType() {
    return switch (rope.type()) {
      case "linear" -> each(pair -> plain(pair) / (float) rope.value("factor"));
      case "yarn" -> yarn();
      case "llama3" -> each(this::llama3);
      case "longrope" -> scaled(rope.shortFactor(), "short_factor");
      default -> each(this::plain);
    };
  }

  /** Longrope's angles beyond the original length. */
  float[] longValues() {
    return requireUsable(scaled(rope.longFactor(), "long_factor"));
  }

  /** Factor of cosine and sine. */
  float attentionFactor() {
    double factor =
        rope.value("factor", (double) rope.maxPositions() / rope.originalMaxPositions());
    return requireUsable(attentionFactorOfType(factor))[0];
  }

  private float attentionFactorOfType(double factor) {
    return switch (rope.type()) {
      case "yarn" -> (float) rope.value("attention_factor", yarnAttentionFactor(factor));
      case "longrope" ->
          (float)
              rope.value(
                  "attention_factor",
                  factor <= 1
                      ? 1
                      : Math.sqrt(1 + Math.log(factor) / Math.log(rope.originalMaxPositions())));
      default -> 1;
    };
  }

  /**
   * Refuses NaN and magnitudes above {@link #LARGEST}, with which the model would generate nonsense
   * without an error.
   */
  float[] requireUsable(float... numbers) {
    for (float number : numbers) {
      if (!(Math.abs(number) <= LARGEST)) {
        throw new UnusableFileException(
            "The numbers of the rotary embedding in config.json (%s) come to none that can be computed with; check rope_theta and those beside it."
                .formatted(
                    "rope_type %s, rope_theta %s, %s"
                        .formatted(rope.type(), rope.theta(), rope.values())));
      }
    }
    return numbers;
  }

  private double yarnAttentionFactor(double factor) {
    double scale = rope.value("mscale", 0);
    double all = rope.value("mscale_all_dim", 0);
    return scale != 0 && all != 0
        ? yarnScale(factor, scale) / yarnScale(factor, all)
        : yarnScale(factor, 1);
  }

  private static double yarnScale(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  /** Exponent of a pair's wavelength, from 0 to below 1. */
  float exponent(int pair) {
    return (float) (2 * pair) / dim;
  }

  private float waveLength(int pair) {
    return (float) Math.pow((float) rope.theta(), exponent(pair));
  }

  private float plain(int pair) {
    return 1 / waveLength(pair);
  }

  private float llama3(int pair) {
    double original = rope.originalMaxPositions();
    double low = rope.value("low_freq_factor");
    double high = rope.value("high_freq_factor");
    float factor = (float) rope.value("factor");
    float plain = plain(pair);
    float turns = (float) (2 * Math.PI) / plain;
    if (turns > original / low) {
      return plain / factor;
    }
    if (turns < original / high) {
      return plain;
    }
    float smooth = (float) (((float) original / turns - (float) low) / (float) (high - low));
    return (1 - smooth) * plain / factor + smooth * plain;
  }

  private float[] yarn() {
    float factor =
        (float) rope.value("factor", (double) rope.maxPositions() / rope.originalMaxPositions());
    double low = yarnPair(orOtherwise("beta_fast", 32));
    double high = yarnPair(orOtherwise("beta_slow", 1));
    if (rope.value("truncate", 1) != 0) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    float first = (float) Math.max(low, 0);
    float last = (float) Math.min(high, dim - 1);
    float width = first == last ? 0.001f : last - first;
    return each(
        pair -> {
          float ramp = Math.max(0, Math.min(1, (pair - first) / width));
          float kept = 1 - ramp;
          return 1 / (factor * waveLength(pair)) * (1 - kept) + plain(pair) * kept;
        });
  }

  /** The pair that makes this many rotations over the original length. */
  private double yarnPair(double rotations) {
    return dim
        * Math.log(rope.originalMaxPositions() / (rotations * 2 * Math.PI))
        / (2 * Math.log(rope.theta()));
  }

  /** A value, or a default if it is missing or 0: transformers takes 0 as not given. */
  private double orOtherwise(String name, double otherwise) {
    double value = rope.value(name, otherwise);
    return value == 0 ? otherwise : value;
  }

  private float[] scaled(List<Double> factors, String name) {
    if (factors.size() != dim / 2) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "config.json: %s of the rotary embedding holds %d numbers; the model needs %d, half of %d.",
              name,
              factors.size(),
              dim / 2,
              dim));
    }
    return each(pair -> 1 / (factors.get(pair).floatValue() * waveLength(pair)));
  }

  /** A value for each pair. */
  private float[] each(PairFunction value) {
    float[] values = new float[dim / 2];
    for (int pair = 0; pair < values.length; pair++) {
      values[pair] = value.of(pair);
    }
    return values;
  }

  private interface PairFunction {
    float of(int pair);
  }
}

package dev.ovchat.sampling;

import dev.ovchat.config.GenerationConfig;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws a token by chance, each with its probability. For one generation.
 *
 * <p>The same seed draws the same from the same logits, on every JDK: the generator is named, and
 * so the same everywhere.
 */
public final class MultinomialSampler implements Sampler {
  private static final String ALGORITHM = "L64X128MixRandom";

  private final RandomGenerator random;
  private final Softmax softmax = new Softmax();

  public MultinomialSampler(long seed) {
    random = random(seed);
  }

  public static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of(ALGORITHM).create(seed);
  }

  /** What the chance starts from, the config's or a new one; empty where nothing is drawn. */
  public static Optional<Long> seedFor(GenerationConfig config) {
    return config.doSample()
        ? Optional.of(config.seed().orElseGet(MultinomialSampler::freshSeed))
        : Optional.empty();
  }

  /** A new seed, short enough to be typed. */
  static long freshSeed() {
    return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
  }

  @Override
  public int choose(float[] logits) {
    float[] probabilities = softmax.of(logits);
    double sum = 0;
    for (float probability : probabilities) {
      sum += probability;
    }
    double left = random.nextDouble() * sum;
    int last = 0;
    for (int id = 0; id < probabilities.length; id++) {
      if (probabilities[id] > 0) {
        last = id;
        left -= probabilities[id];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }
}

package dev.ovchat.sampling;

import dev.ovchat.config.GenerationConfig;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Samples a token, each with its probability. For one generation.
 *
 * <p>The same seed samples the same tokens from the same logits, on every JDK: the generator is
 * named, and so the same everywhere.
 */
public final class MultinomialSampler implements Sampler {
  private static final RandomGeneratorFactory<RandomGenerator> GENERATORS = generators();

  private final RandomGenerator random;
  private final Softmax softmax = new Softmax();

  /** Creates a sampler whose choices the seed determines. */
  public MultinomialSampler(long seed) {
    random = random(seed);
  }

  /** The numbers that a seed gives, uniform from 0 to 1. */
  public static RandomGenerator random(long seed) {
    return GENERATORS.create(seed);
  }

  /**
   * The generators. The JDK looks for them once, by the class loader of the thread that asks first:
   * that of Apache Spark's tasks sees none of them, and no thread would find any from then on.
   */
  private static RandomGeneratorFactory<RandomGenerator> generators() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      return RandomGeneratorFactory.of("L64X128MixRandom");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The random seed to sample with: the config's, or a new one. */
  public static long seedFor(GenerationConfig config) {
    return config.seed().orElseGet(MultinomialSampler::freshSeed);
  }

  /**
   * The seed of one of several completions. The next number would not do: the second completion of
   * one seed would be the first one of the next seed.
   *
   * @param first the seed that was asked for; it is that of the first completion
   * @param index the index of the completion, from 0
   * @return the seed; for the others a number short enough to be typed
   */
  public static long seedFor(long first, int index) {
    return index == 0
        ? first
        : new SplittableRandom(first)
            .ints(0, Integer.MAX_VALUE)
            .skip(index - 1L)
            .findFirst()
            .orElseThrow();
  }

  /** A new seed, short enough to be typed. */
  static long freshSeed() {
    return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
  }

  @Override
  public int choose(float[] logits) {
    float[] probabilities = softmax.of(logits);
    double sum = 0;
    for (int i = 0; i < softmax.leftCount(); i++) {
      sum += probabilities[softmax.left(i)];
    }
    double drawn = random.nextDouble() * sum;
    int last = 0;
    for (int i = 0; i < softmax.leftCount() && drawn >= 0; i++) {
      int id = softmax.left(i);
      if (probabilities[id] > 0) {
        last = id;
        drawn -= probabilities[id];
      }
    }
    return last;
  }
}

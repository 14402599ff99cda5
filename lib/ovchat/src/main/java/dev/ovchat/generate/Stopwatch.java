package dev.ovchat.generate;

import dev.ovchat.system.SystemMemory;
import java.util.Arrays;

/** Measures the times of one generation. */
final class Stopwatch {
  private static final double NANOS_PER_MILLI = 1e6;

  private final double loadMillis;
  private long start;
  private long promptRead;
  private int cachedTokens;
  private int draftedTokens;
  private int acceptedTokens;

  /** Times at which the new tokens were chosen, in ns. */
  private long[] tokens = new long[64];

  private int newTokens;

  Stopwatch(double loadMillis) {
    this.loadMillis = loadMillis;
  }

  void start() {
    start = System.nanoTime();
    promptRead = start;
  }

  /**
   * Notes that the prompt has been read.
   *
   * @param cached the number of its tokens that were in the cache already
   */
  void promptRead(int cached) {
    promptRead = System.nanoTime();
    cachedTokens = cached;
  }

  void token() {
    if (newTokens == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * newTokens);
    }
    tokens[newTokens++] = System.nanoTime();
  }

  void drafted(int drafted, int accepted) {
    draftedTokens += drafted;
    acceptedTokens += accepted;
  }

  Metrics metrics(int promptTokens) {
    int further = Math.max(0, newTokens - 1);
    long[] nanos = new long[further];
    Arrays.setAll(nanos, i -> tokens[i + 1] - tokens[i]);
    Arrays.sort(nanos);
    long first = newTokens == 0 ? promptRead : tokens[0];
    long last = newTokens == 0 ? first : tokens[newTokens - 1];
    return new Metrics(
        loadMillis,
        (promptRead - start) / NANOS_PER_MILLI,
        (first - start) / NANOS_PER_MILLI,
        further == 0 ? 0 : (last - first) / NANOS_PER_MILLI / further,
        percentile(nanos, 50),
        percentile(nanos, 95),
        promptTokens,
        cachedTokens,
        newTokens,
        draftedTokens,
        acceptedTokens,
        SystemMemory.here().peakResident());
  }

  /** The smallest of the sorted values that {@code percent} of 100 do not exceed, in ms. */
  private static double percentile(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    return sorted[(sorted.length * percent + 99) / 100 - 1] / NANOS_PER_MILLI;
  }
}

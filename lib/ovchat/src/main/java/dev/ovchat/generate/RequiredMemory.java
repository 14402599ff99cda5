package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.system.SystemMemory;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Memory that several completions at once need, checked before anything runs: otherwise the system
 * would end the process, or Java the generation, after minutes of work.
 *
 * <p>It is a lower bound, of what is sure to be taken: the KV cache and the logits outside of
 * Java's heap, and ids and masks on it.
 *
 * @param rows the number of cache rows
 * @param length the length of each row, in tokens
 */
record RequiredMemory(long rows, int length) {
  /** Bytes of a value by OpenVINO's KV_CACHE_PRECISION; one that is not here counts as one byte. */
  private static final Map<String, Double> CACHE_BYTES =
      Map.of("f32", 4.0, "f16", 2.0, "bf16", 2.0, "u4", 0.5, "i4", 0.5);

  /** Bytes of a completion's objects, and of a row's mask at first. */
  private static final double HEAP_OF_A_ROW = 3_000;

  /**
   * Refuses requests whose completions do not fit the memory together, if each has a row of its own
   * in the KV cache.
   *
   * @param requests the requests, all with one config
   * @throws GenerationException if they do not; the message gives the numbers
   */
  static void check(CausalLM model, List<GenerationRequest> requests) {
    RequiredMemory needed = of(requests);
    if (needed.rows > 1 && model.compiled().device().isInSystemMemory()) {
      SystemMemory.here()
          .free()
          .ifPresent(
              free -> needed.check(what(requests), "memory", needed.nativeBytes(model), free));
    }
    checkHeap(requests);
  }

  /**
   * Refuses requests whose completions do not fit Java's heap together, wherever their cache is.
   *
   * @throws GenerationException as above
   */
  static void checkHeap(List<GenerationRequest> requests) {
    RequiredMemory needed = of(requests);
    if (needed.rows > 1) {
      Runtime java = Runtime.getRuntime();
      long left = java.maxMemory() - (java.totalMemory() - java.freeMemory());
      needed.check(what(requests), "Java's memory", HEAP_OF_A_ROW + 20.0 * needed.length, left);
    }
  }

  private static RequiredMemory of(List<GenerationRequest> requests) {
    GenerationConfig config = requests.get(0).config();
    boolean isSearch = config.numBeams() > 1; // one search after the other
    long rows = isSearch ? config.numBeams() : (long) requests.size() * config.numReturnSequences();
    int prompt = requests.stream().mapToInt(one -> one.prompt().size()).max().orElseThrow();
    int answer = requests.stream().mapToInt(GenerationRequest::limit).max().orElseThrow();
    return new RequiredMemory(rows, (int) Math.min(Integer.MAX_VALUE, (long) prompt + answer));
  }

  private static String what(List<GenerationRequest> requests) {
    GenerationConfig config = requests.get(0).config();
    return config.numBeams() > 1
        ? String.format(Locale.ROOT, "numBeams %,d", config.numBeams())
        : String.format(
            Locale.ROOT,
            "numReturnSequences %,d for %,d prompts",
            config.numReturnSequences(),
            requests.size());
  }

  /** Bytes outside of Java's heap for one row. */
  private double nativeBytes(CausalLM model) {
    String precision = model.compiled().effectiveConfig().get("KV_CACHE_PRECISION");
    double cache = CACHE_BYTES.getOrDefault(String.valueOf(precision), 1.0);
    return cache * model.cacheNumbersPerToken() * length
        + (double) Float.BYTES * model.config().vocabSize();
  }

  private void check(String what, String memory, double bytesOfARow, long free) {
    if (rows * bytesOfARow > free) {
      throw new GenerationException(tooMuch(what, memory, bytesOfARow, free));
    }
  }

  String tooMuch(String what, String memory, double bytesOfARow, long free) {
    long fit = (long) (free / bytesOfARow);
    String advice =
        fit == 0
            ? "Not even one fits: set a smaller maxNewTokens."
            : String.format(
                Locale.ROOT,
                "Set it to give %,d answers at once at most, or set a smaller maxNewTokens.",
                fit);
    return String.format(
        Locale.ROOT,
        "%s takes %,.1f GB of %s for answers of up to %,d tokens with their prompts, but only"
            + " %,.1f GB are free. %s",
        what,
        rows * bytesOfARow / 1e9,
        memory,
        length,
        free / 1e9,
        advice);
  }
}

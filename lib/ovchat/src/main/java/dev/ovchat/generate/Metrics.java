package dev.ovchat.generate;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * Times, token counts and memory of a generation; the times include its listener's.
 *
 * @param loadMillis time to load and compile the model, in ms
 * @param prefillMillis time to read the prompt, in ms
 * @param firstTokenMillis time from the call to the first token, in ms, reading the prompt included
 * @param perTokenMillis time of each further token on average, in ms; 0 without one, here and below
 * @param perTokenP50Millis median time of the further tokens, in ms
 * @param perTokenP95Millis time that 95 of 100 further tokens took at most, in ms
 * @param promptTokens number of tokens of the prompt
 * @param cachedTokens number of them that were in the cache already, and not read
 * @param newTokens number of new tokens; with beams, of the longest one that was followed
 * @param draftedTokens number of tokens that drafts proposed
 * @param acceptedTokens number of them that the model agreed with
 * @param peakResidentBytes the most memory that this process had at any time, in bytes; empty where
 *     the system does not say
 */
public record Metrics(
    double loadMillis,
    double prefillMillis,
    double firstTokenMillis,
    double perTokenMillis,
    double perTokenP50Millis,
    double perTokenP95Millis,
    int promptTokens,
    int cachedTokens,
    int newTokens,
    int draftedTokens,
    int acceptedTokens,
    OptionalLong peakResidentBytes) {

  /** Tokens per second after the first one; 0 without one. */
  public double tokensPerSecond() {
    return perTokenMillis == 0 ? 0 : 1000 / perTokenMillis;
  }

  /**
   * The metrics on one line, for instance {@code 12 prompt tokens read in 3.1 ms, first token after
   * 3.2 ms, 50 new tokens, 1250.0 tokens/s (0.80 ms each, p50 0.79, p95 0.91), loaded in 301 ms,
   * peak memory 340 MB}.
   */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    add(line, "%d prompt tokens", promptTokens);
    if (cachedTokens > 0) {
      add(line, " (%d from the cache)", cachedTokens);
    }
    add(line, " read in %.1f ms, first token after %.1f ms", prefillMillis, firstTokenMillis);
    add(line, ", %d new tokens", newTokens);
    if (newTokens > 1) {
      add(line, ", %.1f tokens/s (%.2f ms each", tokensPerSecond(), perTokenMillis);
      add(line, ", p50 %.2f, p95 %.2f)", perTokenP50Millis, perTokenP95Millis);
    }
    if (draftedTokens > 0) {
      add(line, ", %d of %d drafted tokens accepted", acceptedTokens, draftedTokens);
    }
    add(line, ", loaded in %.0f ms", loadMillis);
    peakResidentBytes.ifPresent(bytes -> add(line, ", peak memory %.0f MB", bytes / 1e6));
    return line.toString();
  }

  private static void add(StringBuilder line, String format, Object... values) {
    line.append(String.format(Locale.ROOT, format, values));
  }
}

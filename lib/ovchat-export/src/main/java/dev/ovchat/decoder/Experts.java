package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;

/**
 * The experts of a layer: feed-forward parts, a few of which serve a token.
 *
 * @param count number of experts
 * @param perToken number of experts that serve a token
 * @param intermediateSize dimensions of a token inside an expert
 * @param normalized whether the shares of a token's experts sum to 1; otherwise they are the
 *     probabilities that they have among all experts
 * @param isClamped whether they are those of gpt-oss: gate and up in one matrix, biases, and bounds
 */
public record Experts(
    int count, int perToken, int intermediateSize, boolean normalized, boolean isClamped) {
  /** Experts of Llama's form. */
  Experts(int count, int perToken, int intermediateSize, boolean normalized) {
    this(count, perToken, intermediateSize, normalized, false);
  }

  /**
   * Reads how many experts there are, and how many serve a token.
   *
   * @param defaultCount {@code num_experts} where the config says nothing
   * @param defaultPerToken {@code num_experts_per_tok} where the config says nothing
   * @throws UnusableFileException if more are to serve a token than there are
   */
  static Experts read(
      JsonFile json,
      int defaultCount,
      int defaultPerToken,
      int intermediateSize,
      boolean normalized) {
    String field = json.root().has("num_experts") ? "num_experts" : "num_local_experts";
    int count = json.value(field).isPresent() ? json.size(field) : defaultCount;
    String chosen = "num_experts_per_tok";
    int perToken = json.value(chosen).isPresent() ? json.size(chosen) : defaultPerToken;
    if (perToken > count) {
      throw json.wrong(
          chosen, "a number from 1 to " + field + ", " + count, json.root().path(chosen));
    }
    return new Experts(count, perToken, intermediateSize, normalized);
  }

  /** The same in gpt-oss's form. */
  Experts clamped() {
    return new Experts(count, perToken, intermediateSize, normalized, true);
  }
}

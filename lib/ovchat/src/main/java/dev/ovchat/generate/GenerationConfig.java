package dev.ovchat.generate;

import java.util.List;
import java.util.Optional;

/**
 * How to generate; the names are transformers' in Java's case. Decoding is greedy: the likeliest
 * token is taken each time.
 *
 * <pre>{@code
 * GenerationConfig.defaults().maxNewTokens(1024)
 * }</pre>
 *
 * @param maxNewTokens the longest answer in tokens, at least 1
 * @param eosTokenIds tokens that end the answer; empty means those that the model itself names, and
 *     an empty list inside means none
 */
public record GenerationConfig(int maxNewTokens, Optional<List<Integer>> eosTokenIds) {
  /** What transformers takes where nothing else is said. */
  private static final int DEFAULT_MAX_NEW_TOKENS = 20;

  public GenerationConfig {
    if (maxNewTokens < 1) {
      throw new GenerationException(
          "maxNewTokens is " + maxNewTokens + "; it has to be 1 or more.");
    }
    eosTokenIds = eosTokenIds.map(List::copyOf);
    eosTokenIds.stream()
        .flatMap(List::stream)
        .filter(id -> id < 0)
        .findFirst()
        .ifPresent(
            id -> {
              throw new GenerationException(
                  "An end token has the id %d; ids are 0 or more.".formatted(id));
            });
  }

  /** transformers' defaults: at most 20 new tokens, the model's own end tokens. */
  public static GenerationConfig defaults() {
    return new GenerationConfig(DEFAULT_MAX_NEW_TOKENS, Optional.empty());
  }

  /** A copy with this value for {@link #maxNewTokens()}. */
  public GenerationConfig maxNewTokens(int maxNewTokens) {
    return new GenerationConfig(maxNewTokens, eosTokenIds);
  }

  /** A copy with these end tokens in place of the model's; none at all for an empty list. */
  public GenerationConfig eosTokenIds(List<Integer> eosTokenIds) {
    return new GenerationConfig(maxNewTokens, Optional.of(eosTokenIds));
  }
}

package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.grammar.FormatRule;
import dev.ovchat.sampling.TokenSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Decides after each token whether a completion is over: transformers' {@code StoppingCriteria}.
 */
final class StoppingCriteria {
  private final int[] endTokens;
  private final Optional<FormatRule> format;

  /**
   * @param format the rule of the response format
   */
  StoppingCriteria(GenerationConfig config, Optional<FormatRule> format) {
    this.format = format.filter(rule -> !rule.hasEndTokens());
    endTokens =
        config.eosTokenIds().orElse(List.of()).stream().mapToInt(id -> id).sorted().toArray();
  }

  /**
   * Returns the reason that a completion is over; empty if it goes on.
   *
   * @param text the completion's text, which has taken all tokens; empty where it is not decoded,
   *     for want of stop strings
   */
  Optional<FinishReason> metBy(TokenSequence tokens, Optional<CompletionText> text) {
    if (Arrays.binarySearch(endTokens, tokens.last()) >= 0) {
      return Optional.of(FinishReason.END_TOKEN);
    }
    if (text.isPresent() && text.get().isStopped()) {
      return Optional.of(FinishReason.STOP_STRING);
    }
    if (format.isPresent() && format.get().isComplete(tokens.completion())) {
      return Optional.of(FinishReason.COMPLETE);
    }
    return tokens.isFull() ? Optional.of(FinishReason.LENGTH) : Optional.empty();
  }
}

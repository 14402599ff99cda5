package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.StopText;
import dev.ovchat.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where one answer ends; it is asked after each token. */
final class AnswerEnd {
  private final int[] endTokens;
  private final Optional<StopText> stopText;

  /**
   * For an answer that is empty still.
   *
   * @param tokenizer for the config's stop strings; may be empty where there are none
   */
  AnswerEnd(GenerationConfig config, Optional<Tokenizer> tokenizer) {
    this(
        config.eosTokenIds().orElse(List.of()).stream().mapToInt(id -> id).sorted().toArray(),
        tokenizer
            .filter(known -> !config.stopStrings().isEmpty())
            .map(known -> new StopText(known, config.stopStrings())));
  }

  private AnswerEnd(int[] endTokens, Optional<StopText> stopText) {
    this.endTokens = endTokens;
    this.stopText = stopText;
  }

  /** The same for another answer that has the same tokens so far. */
  AnswerEnd copy() {
    return new AnswerEnd(endTokens, stopText.map(StopText::copy));
  }

  /**
   * Why the answer is over; empty if it goes on.
   *
   * @param tokens with one token more than the last time
   */
  Optional<FinishReason> reachedBy(TokenSequence tokens) {
    int token = tokens.last();
    if (Arrays.binarySearch(endTokens, token) >= 0) {
      return Optional.of(FinishReason.END_TOKEN);
    }
    if (stopText.isPresent() && stopText.get().isReachedBy(token)) {
      return Optional.of(FinishReason.STOP_STRING);
    }
    return tokens.isFull() ? Optional.of(FinishReason.LENGTH) : Optional.empty();
  }
}

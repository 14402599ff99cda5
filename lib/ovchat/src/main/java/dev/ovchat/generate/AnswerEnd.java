package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.StopText;
import dev.ovchat.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Detector of a completion's end; it is asked after each token. */
final class AnswerEnd {
  private final int[] endTokens;
  private final Optional<StopText> stopText;

  /**
   * Creates the detector for an empty completion.
   *
   * @param tokenizer the tokenizer for the config's stop strings; may be empty where there are none
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

  /** A copy for another completion that has the same tokens so far. */
  AnswerEnd copy() {
    return new AnswerEnd(endTokens, stopText.map(StopText::copy));
  }

  /**
   * Returns the reason that the completion is over; empty if it goes on.
   *
   * @param tokens the sequence, with one token more than at the last call
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

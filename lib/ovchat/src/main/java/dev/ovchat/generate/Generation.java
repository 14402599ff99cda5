package dev.ovchat.generate;

import dev.ovchat.text.TokenIds;
import java.util.List;
import java.util.Optional;

/**
 * What a model generated.
 *
 * @param prompt the ids that were given
 * @param answer the new ids alone, the end token included
 * @param finishReason why the answer ended
 * @param seed what the chance started from: with it the same answer can be had again; empty where
 *     there was none, with {@code doSample(false)}
 * @param timings what it took
 */
public record Generation(
    TokenIds prompt,
    TokenIds answer,
    FinishReason finishReason,
    Optional<Long> seed,
    Timings timings) {

  /** The whole sequence, prompt and answer, as transformers' {@code generate} returns it. */
  public TokenIds sequence() {
    return prompt.plus(answer);
  }

  /** One whole sequence per prompt: here a list of one, as {@code batchDecode} takes it. */
  public List<TokenIds> sequences() {
    return List.of(sequence());
  }
}

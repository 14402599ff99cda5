package dev.ovchat.generate;

import dev.ovchat.text.TokenIds;
import java.util.Optional;

/**
 * One completion of a prompt.
 *
 * @param ids the new token ids alone, the end token included
 * @param finishReason the reason that it ended
 * @param seed the random seed; the same seed gives the same completion. Empty without sampling
 *     ({@code doSample(false)}) and with a custom sampler
 * @param score the score by beam search: the sum of the tokens' log-probabilities after the logits
 *     processors, divided by the length to the power of {@code lengthPenalty}; higher is better.
 *     Empty without beams. transformers' {@code sequences_scores}.
 */
public record Completion(
    TokenIds ids, FinishReason finishReason, Optional<Long> seed, Optional<Double> score) {}

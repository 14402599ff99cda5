package dev.ovchat.generate;

import dev.ovchat.text.TokenIds;
import java.util.Optional;

/**
 * One answer to a prompt.
 *
 * @param ids the new ids alone, the end token included
 * @param finishReason why it ended
 * @param seed what the chance started from: with it the same answer can be had again; empty where
 *     there was none, with {@code doSample(false)} or a sampler of one's own
 * @param score how good beam search found it: the sum of its tokens' log-probabilities, as the
 *     logits processors left them, over its length to the power of {@code lengthPenalty}; the
 *     higher, the better. Empty without beams. transformers' {@code sequences_scores}.
 */
public record Answer(
    TokenIds ids, FinishReason finishReason, Optional<Long> seed, Optional<Double> score) {}

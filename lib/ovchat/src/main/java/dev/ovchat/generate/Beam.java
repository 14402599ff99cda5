package dev.ovchat.generate;

import dev.ovchat.sampling.TokenSequence;
import java.util.Comparator;
import java.util.Optional;

/**
 * One of the completions that a beam search follows.
 *
 * @param tokens prompt and completion so far; they do not change any more
 * @param text the completion's text, which does not change any more either; empty without stop
 *     strings
 * @param logProbability the log-probability of the completion: the sum of its tokens'
 * @param row the cache row that holds all tokens but the last
 * @param finishReason the reason that it ended; empty if it may go on
 */
record Beam(
    TokenSequence tokens,
    Optional<CompletionText> text,
    float logProbability,
    int row,
    Optional<FinishReason> finishReason) {
  static final Comparator<Beam> MOST_PROBABLE_FIRST =
      Comparator.comparingDouble(Beam::logProbability).reversed();

  /** The beam that a search begins with, whose completion is empty. */
  static Beam empty(GenerationRequest request, Optional<CompletionText> text) {
    var tokens = new TokenSequence(request.prompt(), request.limit());
    return new Beam(tokens, text, 0, 0, Optional.empty());
  }

  static Comparator<Beam> bestFirst(double lengthPenalty) {
    return Comparator.<Beam>comparingDouble(beam -> beam.score(lengthPenalty)).reversed();
  }

  /** A beam with one token more. */
  Beam plus(Continuation next, StoppingCriteria criteria) {
    TokenSequence longer = tokens.plus(next.id());
    Optional<CompletionText> longerText = text.map(CompletionText::copy);
    longerText.ifPresent(growing -> growing.push(next.id()));
    return new Beam(
        longer, longerText, next.logProbability(), next.beam(), criteria.metBy(longer, longerText));
  }

  boolean isOver() {
    return finishReason.isPresent();
  }

  double score(double lengthPenalty) {
    return score(tokens.completionSize(), lengthPenalty);
  }

  /** The score that it would have if its completion had that length. */
  double score(int length, double lengthPenalty) {
    return logProbability / StrictMath.pow(Math.max(1, length), lengthPenalty);
  }

  Completion completion(FinishReason reason, Optional<Long> seed, double lengthPenalty) {
    return new Completion(tokens.completion(), reason, seed, Optional.of(score(lengthPenalty)));
  }
}

package dev.ovchat.generate;

import dev.ovchat.grammar.FormatRule;
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
    return new Beam(request.begin(), text, 0, 0, Optional.empty());
  }

  static Comparator<Beam> bestFirst(double lengthPenalty) {
    return Comparator.<Beam>comparingDouble(beam -> beam.score(lengthPenalty)).reversed();
  }

  /** A beam with one token more, which may be its last one. */
  Beam plus(Continuation next, Optional<FormatRule> format) {
    TokenSequence longer = tokens.plus(next.id());
    Optional<CompletionText> longerText = text.map(CompletionText::copy);
    longerText.ifPresent(growing -> growing.push(next.id()));
    var reason = FinishReason.of(longer, longerText, format);
    return new Beam(longer, longerText, next.logProbability(), next.beam(), reason);
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

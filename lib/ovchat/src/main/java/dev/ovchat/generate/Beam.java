package dev.ovchat.generate;

import dev.ovchat.sampling.GrowingTokenSequence;
import dev.ovchat.text.Tokenizer;
import java.util.Comparator;
import java.util.Optional;

/**
 * One of the completions that a beam search follows.
 *
 * @param tokens prompt and completion so far; they do not change any more
 * @param end the detector of its end; only copies of it are asked
 * @param logProbability the log-probability of the completion: the sum of its tokens'
 * @param row the cache row that holds all tokens but the last
 * @param finishReason the reason that it ended; empty if it may go on
 */
record Beam(
    GrowingTokenSequence tokens,
    AnswerEnd end,
    float logProbability,
    int row,
    Optional<FinishReason> finishReason) {
  static final Comparator<Beam> LIKELIEST_FIRST =
      Comparator.comparingDouble(Beam::logProbability).reversed();

  /** The beam that a search begins with, whose completion is empty. */
  static Beam empty(GenerationRequest request, Optional<Tokenizer> tokenizer) {
    var tokens = new GrowingTokenSequence(request.prompt(), request.limit());
    return new Beam(tokens, new AnswerEnd(request.config(), tokenizer), 0, 0, Optional.empty());
  }

  static Comparator<Beam> bestFirst(double lengthPenalty) {
    return Comparator.<Beam>comparingDouble(beam -> beam.score(lengthPenalty)).reversed();
  }

  /** A beam with one token more. */
  Beam plus(Continuation next) {
    GrowingTokenSequence longer = tokens.copy();
    longer.add(next.id());
    AnswerEnd itsEnd = end.copy();
    return new Beam(longer, itsEnd, next.logProbability(), next.beam(), itsEnd.reachedBy(longer));
  }

  boolean isOver() {
    return finishReason.isPresent();
  }

  double score(double lengthPenalty) {
    return score(tokens.answerSize(), lengthPenalty);
  }

  /** The score that it would have if its completion had that length. */
  double score(int length, double lengthPenalty) {
    return logProbability / StrictMath.pow(Math.max(1, length), lengthPenalty);
  }

  Answer answer(FinishReason reason, Optional<Long> seed, double lengthPenalty) {
    return new Answer(tokens.answer(), reason, seed, Optional.of(score(lengthPenalty)));
  }
}

package dev.ovchat.generate;

import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.util.List;
import java.util.Optional;

/**
 * What a model generated for one prompt.
 *
 * @param prompt the ids that were given
 * @param answers one or more, as many as {@code numReturnSequences} asked for; the best one first
 *     where they were searched for by beams
 * @param metrics what it took
 */
public record Generation(TokenIds prompt, List<Answer> answers, Metrics metrics) {

  /** Copies the list; it may not be empty. */
  public Generation {
    answers = List.copyOf(answers);
    if (answers.isEmpty()) {
      throw new GenerationException("A generation has one answer or more; none was given.");
    }
  }

  /** The new ids of the first answer alone, the end token included. */
  public TokenIds answer() {
    return answers.get(0).ids();
  }

  /** Why the first answer ended. */
  public FinishReason finishReason() {
    return answers.get(0).finishReason();
  }

  /** The first answer's {@link Answer#seed()}. */
  public Optional<Long> seed() {
    return answers.get(0).seed();
  }

  /** The whole sequence, prompt and first answer, as transformers' {@code generate} returns it. */
  public TokenIds sequence() {
    return prompt.plus(answer());
  }

  /** The whole sequence of each answer, as {@code batchDecode} takes it. */
  public List<TokenIds> sequences() {
    return answers.stream().map(answer -> prompt.plus(answer.ids())).toList();
  }
}

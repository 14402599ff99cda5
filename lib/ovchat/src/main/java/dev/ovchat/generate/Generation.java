package dev.ovchat.generate;

import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.util.List;
import java.util.Optional;

/**
 * The completions that a model generated for one prompt.
 *
 * @param prompt the token ids of the prompt
 * @param completions one or more completions, as many as {@code numReturnSequences} asked for; with
 *     beam search the best one first, and fewer if it found fewer
 * @param metrics times, token counts and memory
 */
public record Generation(TokenIds prompt, List<Completion> completions, Metrics metrics) {

  /** Copies the list; it may not be empty. */
  public Generation {
    completions = List.copyOf(completions);
    if (completions.isEmpty()) {
      throw new GenerationException("A generation has one completion or more; none was given.");
    }
  }

  /** The new token ids of the first completion alone, the end token included. */
  public TokenIds ids() {
    return completions.get(0).ids();
  }

  /** The reason that the first completion ended. */
  public FinishReason finishReason() {
    return completions.get(0).finishReason();
  }

  /** The first completion's {@link Completion#seed()}. */
  public Optional<Long> seed() {
    return completions.get(0).seed();
  }

  /**
   * The whole sequence, prompt and first completion, as transformers' {@code generate} returns it.
   */
  public TokenIds sequence() {
    return prompt.plus(ids());
  }

  /** The whole sequence of each completion, as {@code batchDecode} takes it. */
  public List<TokenIds> sequences() {
    return completions.stream().map(completion -> prompt.plus(completion.ids())).toList();
  }
}
